import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.CollectionStore;

/** Time stamps (RFC 3161). */
final class Stamps {
    private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("1.2.398.3.3.2.6.2"); // the national one of time stamps with RSA

    private Stamps() {}

    /** Fields: request, response, data. Says the time. */
    static String judge(Judge.Fields fields) throws Exception {
        TimeStampRequest request = new TimeStampRequest(fields.bytes());
        TimeStampResponse response = new TimeStampResponse(fields.bytes());
        response.validate(request);
        judge(response.getTimeStampToken(), fields.bytes());
        return response.getTimeStampToken().getTimeStampInfo().getGenTime().toInstant().toString();
    }

    /** Judges every time stamp over a signature, and says how many there are. */
    static int judgeAll(SignerInformation signer) throws Exception {
        AttributeTable unsigned = signer.getUnsignedAttributes();
        Attribute stamps = unsigned == null ? null : unsigned.get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        if (stamps == null) {
            return 0;
        }
        for (ASN1Encodable stamp : stamps.getAttributeValues()) {
            judge(new TimeStampToken(ContentInfo.getInstance(stamp)), signer.getSignature());
        }
        return stamps.getAttributeValues().length;
    }

    /** Holds a token with its certificate (signature, binding, use of the key, validity) against what it must be over. */
    private static void judge(TimeStampToken token, byte[] data) throws Exception {
        Collection<X509CertificateHolder> named = token.getCertificates().getMatches(token.getSID());
        Judge.require(named.size() == 1, "no certificate of the time-stamping authority");
        token.validate(Keys.ofSigner(named.iterator().next()));
        DigestCalculator digest = Keys.digests().get(token.getTimeStampInfo().getHashAlgorithm());
        digest.getOutputStream().write(data);
        Judge.require(Arrays.areEqual(digest.getDigest(), token.getTimeStampInfo().getMessageImprintDigest()), "time stamp over other data");
    }

    /** Fields: request, key, certificate, time. Makes a response. */
    static String make(Judge.Fields fields) throws Exception {
        TimeStampRequest request = new TimeStampRequest(fields.bytes());
        byte[] key = fields.bytes();
        X509CertificateHolder certificate = new X509CertificateHolder(fields.bytes());
        ContentSigner by = Keys.signer("SHA256WITHRSA", key, certificate);
        TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(Keys.into(by).build(by, certificate),
                Keys.digests().get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)), POLICY);
        tokens.addCertificates(new CollectionStore<>(List.of(certificate)));
        TimeStampResponseGenerator responses = new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED);
        return Judge.made(responses.generate(request, BigInteger.ONE, fields.time()).getEncoded());
    }
}

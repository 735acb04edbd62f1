import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuerSerial;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.util.Arrays;

/** Signed messages: CMS with the attributes of CAdES. */
final class Messages {
    private Messages() {}

    /** Fields: message, content. Says "attached" or "detached" and how many time stamps hold. */
    static String judge(Judge.Fields fields) throws Exception {
        byte[] message = fields.bytes();
        byte[] content = fields.bytes();
        CMSSignedData read = new CMSSignedData(message);
        boolean attached = read.getSignedContent() != null;
        if (attached) {
            Judge.require(Arrays.areEqual(content, (byte[]) read.getSignedContent().getContent()), "other content");
        } else {
            read = new CMSSignedData(new CMSProcessableByteArray(content), message);
        }
        Judge.require(read.getSignerInfos().size() > 0, "no signer");
        int stamps = 0;
        for (SignerInformation signer : read.getSignerInfos()) {
            Collection<X509CertificateHolder> named = read.getCertificates().getMatches(signer.getSID());
            Judge.require(named.size() == 1, "no certificate of the signer");
            X509CertificateHolder certificate = named.iterator().next();
            Judge.require(signer.verify(Keys.ofSigner(certificate)), "wrong signature");
            judgeBinding(signer, certificate);
            stamps += Stamps.judgeAll(signer);
        }
        return (attached ? "attached" : "detached") + ", stamps: " + stamps;
    }

    /** Holds the certificate against the attribute that binds it (RFC 5035 §5.4), which CMS by itself leaves alone. */
    private static void judgeBinding(SignerInformation signer, X509CertificateHolder certificate) throws Exception {
        AttributeTable signed = signer.getSignedAttributes();
        Attribute binding = signed == null ? null : signed.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        Judge.require(binding != null, "certificate is not bound");
        ESSCertIDv2 id = SigningCertificateV2.getInstance(binding.getAttributeValues()[0]).getCerts()[0];
        Judge.require(Arrays.areEqual(id.getCertHash(), sum(id.getHashAlgorithm(), certificate.getEncoded())), "another certificate is bound");
        if (id.getIssuerSerial() != null) {
            Judge.require(issuerSerial(certificate).equals(id.getIssuerSerial()), "another issuer or serial number is bound");
        }
    }

    private static byte[] sum(AlgorithmIdentifier algorithm, byte[] data) throws Exception {
        DigestCalculator digest = Keys.digests().get(algorithm);
        digest.getOutputStream().write(data);
        return digest.getDigest();
    }

    private static IssuerSerial issuerSerial(X509CertificateHolder certificate) {
        return new IssuerSerial(new GeneralNames(new GeneralName(certificate.getIssuer())), certificate.getSerialNumber());
    }

    /** Fields: form (DER, BER or stream), "attached" or "detached", algorithm, key, certificate, content, signing time. Makes a message. */
    static String sign(Judge.Fields fields) throws Exception {
        String form = fields.text();
        boolean attached = fields.text().equals("attached");
        String algorithm = fields.text();
        byte[] key = fields.bytes();
        X509CertificateHolder certificate = new X509CertificateHolder(fields.bytes());
        byte[] content = fields.bytes();
        SignerInfoGenerator signer = signerOf(Keys.signer(algorithm, key, certificate), certificate, new Time(fields.time()));
        if (!form.equals("stream")) {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(signer);
            generator.addCertificate(certificate);
            return Judge.made(generator.generate(new CMSProcessableByteArray(content), attached)
                    .getEncoded(form.equals("DER") ? ASN1Encoding.DER : ASN1Encoding.BER));
        }
        CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
        generator.setBufferSize(16); // so that the content becomes many octet strings
        generator.addSignerInfoGenerator(signer);
        generator.addCertificate(certificate);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (OutputStream stream = generator.open(message, attached)) {
            stream.write(content);
        }
        return Judge.made(message.toByteArray());
    }

    private static SignerInfoGenerator signerOf(ContentSigner by, X509CertificateHolder certificate, Time at) throws Exception {
        AlgorithmIdentifier sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        ESSCertIDv2 id = new ESSCertIDv2(sha256, sum(sha256, certificate.getEncoded()), issuerSerial(certificate));
        Hashtable<Object, Attribute> attributes = new Hashtable<>();
        for (Attribute a : List.of(new Attribute(CMSAttributes.signingTime, new DERSet(at)),
                new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(new SigningCertificateV2(id))))) {
            attributes.put(a.getAttrType(), a);
        }
        return Keys.into(by).setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)))
                .build(by, certificate);
    }
}

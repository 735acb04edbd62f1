import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.util.Arrays;

/** Answers about revocation (OCSP, RFC 6960). */
final class Answers {
    private Answers() {}

    /** Fields: response, certificate, issuer, nonce. Says "good", "unknown", or when and why the certificate was revoked. */
    static String judge(Judge.Fields fields) throws Exception {
        OCSPResp response = new OCSPResp(fields.bytes());
        Judge.require(response.getStatus() == OCSPResp.SUCCESSFUL, "no answer");
        BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
        X509CertificateHolder certificate = new X509CertificateHolder(fields.bytes());
        X509CertificateHolder issuer = new X509CertificateHolder(fields.bytes());
        Judge.require(basic.isSignatureValid(Keys.of(responder(basic, issuer))), "wrong signature");
        Extension nonce = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        Judge.require(nonce != null, "no nonce");
        Judge.require(Arrays.areEqual(ASN1OctetString.getInstance(nonce.getParsedValue()).getOctets(), fields.bytes()), "another nonce");
        for (SingleResp about : basic.getResponses()) {
            CertificateID id = about.getCertID();
            if (id.matchesIssuer(issuer, Keys.digests()) && id.getSerialNumber().equals(certificate.getSerialNumber())) {
                return status(about.getCertStatus());
            }
        }
        throw new Judge.Refused("nothing about this certificate");
    }

    /** The issuer itself, or a certificate of it for this purpose (RFC 6960 §4.2.2.2). */
    private static X509CertificateHolder responder(BasicOCSPResp basic, X509CertificateHolder issuer) throws Exception {
        DigestCalculator sha1 = Keys.digests().get(CertificateID.HASH_SHA1);
        RespID id = basic.getResponderId();
        if (id.equals(new RespID(issuer.getSubjectPublicKeyInfo(), sha1)) || id.equals(new RespID(issuer.getSubject()))) {
            return issuer;
        }
        for (X509CertificateHolder carried : basic.getCerts()) {
            if (id.equals(new RespID(carried.getSubjectPublicKeyInfo(), sha1)) || id.equals(new RespID(carried.getSubject()))) {
                Judge.require(carried.isSignatureValid(Keys.of(issuer)), "responder of another issuer");
                ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(carried.getExtensions());
                Judge.require(usage != null && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning), "responder is not one");
                return carried;
            }
        }
        throw new Judge.Refused("responder is not known");
    }

    private static String status(CertificateStatus status) {
        if (status == CertificateStatus.GOOD) {
            return "good";
        }
        if (status instanceof UnknownStatus) {
            return "unknown";
        }
        RevokedStatus revoked = (RevokedStatus) status;
        return revoked.getRevocationTime().toInstant() + " " + (revoked.hasRevocationReason() ? revoked.getRevocationReason() : 0);
    }
}

import java.io.ByteArrayInputStream;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;

/** Certificates and what revokes them. */
final class Certificates {
    private Certificates() {}

    /** Fields: certificate, issuer. */
    static String judge(Judge.Fields fields) throws Exception {
        X509CertificateHolder certificate = new X509CertificateHolder(fields.bytes());
        X509CertificateHolder issuer = new X509CertificateHolder(fields.bytes());
        Judge.require(certificate.getIssuer().equals(issuer.getSubject()), "another issuer");
        Judge.require(certificate.isSignatureValid(Keys.of(issuer)), "wrong signature");
        return "";
    }

    /** Fields: time, root, certificate, its issuer, the issuer's list, the root's list. Validates by RFC 5280 with revocation. */
    static String judgePath(Judge.Fields fields) throws Exception {
        CertificateFactory read = CertificateFactory.getInstance("X.509", Keys.PROVIDER);
        Date at = fields.time();
        X509Certificate root = certificate(read, fields.bytes());
        List<X509Certificate> path = List.of(certificate(read, fields.bytes()), certificate(read, fields.bytes()));
        List<X509CRL> lists = new ArrayList<>();
        while (fields.more()) {
            lists.add((X509CRL) read.generateCRL(new ByteArrayInputStream(fields.bytes())));
        }
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setDate(at);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        CertPathValidator.getInstance("PKIX", Keys.PROVIDER).validate(read.generateCertPath(path), parameters);
        return "";
    }

    private static X509Certificate certificate(CertificateFactory read, byte[] der) throws Exception {
        return (X509Certificate) read.generateCertificate(new ByteArrayInputStream(der));
    }

    /** Fields: list, issuer, certificate. Says "absent", or when and why the certificate was revoked. */
    static String judgeList(Judge.Fields fields) throws Exception {
        X509CRLHolder list = new X509CRLHolder(fields.bytes());
        X509CertificateHolder issuer = new X509CertificateHolder(fields.bytes());
        Judge.require(list.getIssuer().equals(issuer.getSubject()), "list of another issuer");
        Judge.require(list.isSignatureValid(Keys.of(issuer)), "wrong signature");
        X509CRLEntryHolder entry = list.getRevokedCertificate(new X509CertificateHolder(fields.bytes()).getSerialNumber());
        if (entry == null) {
            return "absent";
        }
        Extension reason = entry.getExtension(Extension.reasonCode);
        return entry.getRevocationDate().toInstant() + " " + (reason == null ? 0 : CRLReason.getInstance(reason.getParsedValue()).getValue());
    }
}

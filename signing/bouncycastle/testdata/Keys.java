import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** The cryptography of all jobs: BouncyCastle's provider, and the national algorithms beside it. */
final class Keys {
    static final String PROVIDER = BouncyCastleProvider.PROVIDER_NAME;

    private Keys() {}

    static PrivateKey read(byte[] pkcs8) throws Exception {
        String algorithm = PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm().getAlgorithm().getId();
        return KeyFactory.getInstance(algorithm, PROVIDER).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** Signs with an algorithm that Java names; a national key knows its own. */
    static ContentSigner signer(String algorithm, byte[] pkcs8, X509CertificateHolder certificate) throws Exception {
        PrivateKeyInfo key = PrivateKeyInfo.getInstance(pkcs8);
        if (National.is(key.getPrivateKeyAlgorithm())) {
            return National.of(key.getPrivateKeyAlgorithm()).signer(key, certificate.getSubjectPublicKeyInfo());
        }
        return new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(read(pkcs8));
    }

    /** How such a signature goes into a message; BouncyCastle does not know by itself what national ones hash with. */
    static SignerInfoGeneratorBuilder into(ContentSigner by) throws OperatorCreationException {
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder(digests());
        AlgorithmIdentifier algorithm = by.getAlgorithmIdentifier();
        return National.is(algorithm) ? builder.setContentDigest(National.identifier(National.of(algorithm).digest())) : builder;
    }

    static DigestCalculatorProvider digests() throws OperatorCreationException {
        DigestCalculatorProvider others = new JcaDigestCalculatorProviderBuilder().setProvider(PROVIDER).build();
        return algorithm -> National.is(algorithm) ? National.of(algorithm).calculator() : others.get(algorithm);
    }

    static ContentVerifierProvider of(X509CertificateHolder certificate) throws Exception {
        boolean national = National.is(certificate.getSubjectPublicKeyInfo().getAlgorithm());
        ContentVerifierProvider others = national ? null : new JcaContentVerifierProviderBuilder().setProvider(PROVIDER).build(certificate);
        return new ContentVerifierProvider() {
            public boolean hasAssociatedCertificate() {
                return true;
            }

            public X509CertificateHolder getAssociatedCertificate() {
                return certificate;
            }

            public ContentVerifier get(AlgorithmIdentifier algorithm) throws OperatorCreationException {
                return national ? National.of(algorithm).verifier(algorithm, certificate.getSubjectPublicKeyInfo()) : others.get(algorithm);
            }
        };
    }

    static SignerInformationVerifier ofSigner(X509CertificateHolder certificate) throws Exception {
        DefaultCMSSignatureAlgorithmNameGenerator names = new DefaultCMSSignatureAlgorithmNameGenerator();
        DefaultSignatureAlgorithmIdentifierFinder finder = new DefaultSignatureAlgorithmIdentifierFinder();
        return new SignerInformationVerifier(
                (digest, signature) -> National.is(signature) ? signature.getAlgorithm().getId() : names.getSignatureName(digest, signature),
                name -> name.startsWith("1.2.398.") ? new AlgorithmIdentifier(new ASN1ObjectIdentifier(name)) : finder.find(name),
                of(certificate), digests());
    }
}

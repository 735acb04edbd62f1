import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/** Key files (PKCS#12). */
final class KeyFiles {
    private KeyFiles() {}

    /** Fields: file, password, certificate. Says how many certificates there are; the key must be the certificate's. */
    static String open(Judge.Fields fields) throws Exception {
        byte[] file = fields.bytes();
        char[] password = fields.text().toCharArray();
        X509CertificateHolder certificate = new X509CertificateHolder(fields.bytes());
        if (National.is(certificate.getSubjectPublicKeyInfo().getAlgorithm())) {
            return openNational(new PKCS12PfxPdu(file), password, certificate);
        }
        KeyStore store = KeyStore.getInstance("PKCS12", Keys.PROVIDER);
        store.load(new ByteArrayInputStream(file), password);
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                Judge.require(certificate.equals(new X509CertificateHolder(store.getCertificate(alias).getEncoded())), "key of another certificate");
                judgeKey((PrivateKey) store.getKey(alias, password), certificate);
                return "certificates: " + store.getCertificateChain(alias).length;
            }
        }
        throw new Judge.Refused("no key");
    }

    private static void judgeKey(PrivateKey key, X509CertificateHolder certificate) throws Exception {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256WITHRSA" : "SHA256WITHECDSA";
        Signature signature = Signature.getInstance(algorithm, Keys.PROVIDER);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(new JcaX509CertificateConverter().getCertificate(certificate));
        Judge.require(signature.verify(signed), "key is not the certificate's");
    }

    /** A key store does not know national keys: the file is taken apart. */
    private static String openNational(PKCS12PfxPdu file, char[] password, X509CertificateHolder certificate) throws Exception {
        Judge.require(file.isMacValid(new JcePKCS12MacCalculatorBuilderProvider().setProvider(Keys.PROVIDER), password), "wrong password");
        InputDecryptorProvider decryptor = new JcePKCSPBEInputDecryptorProviderBuilder().setProvider(Keys.PROVIDER).build(password);
        PrivateKeyInfo key = null;
        List<X509CertificateHolder> certificates = new ArrayList<>();
        for (ContentInfo part : file.getContentInfos()) {
            boolean encrypted = part.getContentType().equals(PKCSObjectIdentifiers.encryptedData);
            PKCS12SafeBagFactory bags = encrypted ? new PKCS12SafeBagFactory(part, decryptor) : new PKCS12SafeBagFactory(part);
            for (PKCS12SafeBag bag : bags.getSafeBags()) {
                if (bag.getBagValue() instanceof PKCS8EncryptedPrivateKeyInfo shrouded) {
                    key = shrouded.decryptPrivateKeyInfo(decryptor);
                } else if (bag.getBagValue() instanceof X509CertificateHolder one) {
                    certificates.add(one);
                }
            }
        }
        Judge.require(key != null && certificates.contains(certificate), "no key or no certificate");
        ECPublicKeyParameters point = National.of(key.getPrivateKeyAlgorithm()).readKey(certificate.getSubjectPublicKeyInfo());
        Judge.require(point.getParameters().getG().multiply(National.scalar(key)).equals(point.getQ()), "key is not the certificate's");
        return "certificates: " + certificates.size();
    }

    /** Fields: password, key, certificates from the key's own on. Makes a file as the national authority does: 3DES, RC2, BER. */
    static String write(Judge.Fields fields) throws Exception {
        char[] password = fields.text().toCharArray();
        PrivateKey key = Keys.read(fields.bytes());
        CertificateFactory read = CertificateFactory.getInstance("X.509", Keys.PROVIDER);
        List<Certificate> chain = new ArrayList<>();
        while (fields.more()) {
            chain.add(read.generateCertificate(new ByteArrayInputStream(fields.bytes())));
        }
        KeyStore store = KeyStore.getInstance("PKCS12", Keys.PROVIDER);
        store.load(null, null);
        store.setKeyEntry("key", key, null, chain.toArray(new Certificate[0]));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        store.store(file, password);
        return Judge.made(file.toByteArray());
    }
}

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cryptopro.GOST3410PublicKeyAlgParameters;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.digests.GOST3411_2012_256Digest;
import org.bouncycastle.crypto.digests.GOST3411_2012_512Digest;
import org.bouncycastle.crypto.engines.GOST28147Engine;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECGOST3410Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/**
 * A national algorithm as BouncyCastle knows it, by Russian identifiers. Keys are written alike; a signature has the octets of the Russian one
 * in reverse (../shared/kz-pki/FACTS.md §1).
 */
record National(String key, String signature, String digest, String russianKey, String russianCurve, String russianDigest, Supplier<Digest> hash) {
    private static final String ARC = "1.2.398.3.10.1.";

    private static final List<National> ALL = List.of(
            new National("1.2.2", "1.2.3.2", "3.3", "1.2.643.7.1.1.1.2", "1.2.643.7.1.2.1.2.1", "1.2.643.7.1.1.2.3", GOST3411_2012_512Digest::new),
            new National("1.2.1", "1.2.3.1", "3.2", "1.2.643.7.1.1.1.1", "1.2.643.7.1.2.1.1.1", "1.2.643.7.1.1.2.2", GOST3411_2012_256Digest::new),
            new National("1.1.1", "1.1.2", "3.1", "1.2.643.2.2.19", "1.2.643.2.2.35.1", "1.2.643.2.2.30.1",
                    () -> new GOST3411Digest(GOST28147Engine.getSBox("D-TEST"))));

    static boolean is(AlgorithmIdentifier algorithm) {
        return algorithm.getAlgorithm().getId().startsWith(ARC);
    }

    /** Finds the kind by the identifier of a key, a signature or a digest. */
    static National of(AlgorithmIdentifier algorithm) {
        String id = algorithm.getAlgorithm().getId();
        return ALL.stream().filter(n -> List.of(ARC + n.key, ARC + n.signature, ARC + n.digest).contains(id)).findFirst().orElseThrow();
    }

    static AlgorithmIdentifier identifier(String id) {
        return new AlgorithmIdentifier(new ASN1ObjectIdentifier(ARC + id), DERNull.INSTANCE);
    }

    /** Reads a key after writing it anew with Russian identifiers. */
    ECPublicKeyParameters readKey(SubjectPublicKeyInfo national) throws Exception {
        String parameters = ASN1Sequence.getInstance(national.getAlgorithm().getParameters()).getObjectAt(0).toString();
        Judge.require(national.getAlgorithm().getAlgorithm().getId().equals(ARC + key) && parameters.equals(ARC + key + ".1"), "key of another kind");
        AlgorithmIdentifier russian = new AlgorithmIdentifier(new ASN1ObjectIdentifier(russianKey),
                new GOST3410PublicKeyAlgParameters(new ASN1ObjectIdentifier(russianCurve), new ASN1ObjectIdentifier(russianDigest)));
        return (ECPublicKeyParameters) PublicKeyFactory.createKey(new SubjectPublicKeyInfo(russian, national.parsePublicKey()));
    }

    byte[] sum(byte[] data) {
        Digest digest = hash.get();
        digest.update(data, 0, data.length);
        byte[] sum = new byte[digest.getDigestSize()];
        digest.doFinal(sum, 0);
        return sum;
    }

    boolean verify(SubjectPublicKeyInfo key, byte[] data, byte[] signature) throws Exception {
        ECPublicKeyParameters point = readKey(key);
        int size = (point.getParameters().getN().bitLength() + 7) / 8;
        if (signature.length != 2 * size) {
            return false;
        }
        byte[] russian = Arrays.reverse(signature);
        BigInteger s = new BigInteger(1, Arrays.copyOf(russian, size));
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(russian, size, 2 * size));
        ECGOST3410Signer signer = new ECGOST3410Signer();
        signer.init(false, point);
        return signer.verifySignature(sum(data), r, s);
    }

    /** Takes the scalar out of a national key; those of GOST 34.310-2004 have it as a number. */
    static BigInteger scalar(PrivateKeyInfo key) throws Exception {
        if (key.parsePrivateKey() instanceof ASN1Integer number) {
            return number.getPositiveValue();
        }
        return new BigInteger(1, Arrays.reverse(ASN1OctetString.getInstance(key.parsePrivateKey()).getOctets()));
    }

    byte[] sign(BigInteger scalar, ECPublicKeyParameters certified, byte[] data) {
        ECGOST3410Signer signer = new ECGOST3410Signer();
        signer.init(true, new ECPrivateKeyParameters(scalar, certified.getParameters()));
        BigInteger[] rs = signer.generateSignature(sum(data));
        int size = (certified.getParameters().getN().bitLength() + 7) / 8;
        byte[] russian = Arrays.concatenate(BigIntegers.asUnsignedByteArray(size, rs[1]), BigIntegers.asUnsignedByteArray(size, rs[0]));
        return Arrays.reverse(russian);
    }

    DigestCalculator calculator() {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        return new DigestCalculator() {
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return identifier(digest);
            }

            public OutputStream getOutputStream() {
                return data;
            }

            public byte[] getDigest() {
                return sum(data.toByteArray());
            }
        };
    }

    ContentVerifier verifier(AlgorithmIdentifier algorithm, SubjectPublicKeyInfo key) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        return new ContentVerifier() {
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return algorithm;
            }

            public OutputStream getOutputStream() {
                return data;
            }

            public boolean verify(byte[] expected) {
                try {
                    return National.this.verify(key, data.toByteArray(), expected);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    ContentSigner signer(PrivateKeyInfo key, SubjectPublicKeyInfo certified) throws Exception {
        BigInteger scalar = scalar(key);
        ECPublicKeyParameters point = readKey(certified);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        return new ContentSigner() {
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return identifier(signature);
            }

            public OutputStream getOutputStream() {
                return data;
            }

            public byte[] getSignature() {
                return sign(scalar, point, data.toByteArray());
            }
        };
    }
}

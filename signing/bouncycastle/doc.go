// Package bouncycastle lets BouncyCastle, a Java library that shares no code with us, judge what package
// signing and its parts make, and lets them judge what it makes: messages, time stamps, certificates, lists,
// answers about revocation, key files. National algorithms are judged by its Russian ones. The package has
// tests only; the program in Java is testdata, started once for all of them.
//
// A JDK is not demanded. Where there is one, BouncyCastle's jars must be there too: `make test` sees to them,
// and in CI their absence fails. Where there is none, the tests say so and are skipped, in CI as well; it is
// the only skip there. .ci/bouncycastle decides which of these is the case.
//
// # Where they differ
//
// BouncyCastle 1.72 was shown every message of package adversarial once. It refused none that passes here but
// those with a bad time stamp, which here proves nothing and spoils nothing. As signatures it accepted, and we
// refuse: bytes behind the message (A01), another type than signed data outside (A07), no signed attributes
// (B09, B10, B11), no certificate bound or another one (B12, B13, B14, B18; the program in testdata checks V2
// of the binding besides), a time of signing to come (B15), empty content (B17), SHA-1 and MD5 (C01, C02),
// RSA of 1,024 bits (C03), NULL parameters of ECDSA (C07), one signer twice (D02). Messages nested 20,000
// levels deep and more (A02, A03) ended in a StackOverflowError. Trust and revocation (E, F) it was not asked.
// It does not read the national list of today, whose two algorithm identifiers differ by a NULL.
package bouncycastle

// Package bouncycastle lets BouncyCastle, a Java library that shares no code with us, judge what package
// signing and its parts make, and lets them judge what it makes: messages, time stamps, certificates, lists,
// answers about revocation, key files. National algorithms are judged by its Russian ones. The package has
// tests only; the program in Java is testdata, started once for all of them.
//
// A JDK is not demanded. Where there is one, BouncyCastle's jars must be there too: `make test` sees to them,
// and in CI their absence fails. Where there is none, the tests say so and are skipped, in CI as well; it is
// the only skip there. .ci/bouncycastle decides which of these is the case.
package bouncycastle

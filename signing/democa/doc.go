// Package democa is a certification authority in the profile of the national one (НУЦ РК): a root,
// an issuing authority, certificates of people and entities with the national role identifiers,
// OCSP, CRLs and RFC 3161 time stamps. As the national one it has two branches, for RSA and for
// GOST 34.10-2015 keys, and everybody has a key file of each. Demo mode and tests use it.
//
// Its keys lie unprotected on disk or in memory and its key files share a public [Password]: trust
// its root only where nothing is at stake.
package democa

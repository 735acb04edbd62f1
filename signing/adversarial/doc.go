// Package adversarial holds the hostile messages that a verifier must refuse, each for its own reason, and
// beside each its good twin, which must pass. The list is ../../../shared/signing/adversarial-cases.md; the
// package has tests only. Everything is built at one control time from keys that lie in testdata, so that
// each message is the same to the byte in every run.
package adversarial

// Package path finds and validates certification paths: RFC 5280 §6.1 whole, with the policy graph of RFC 9618.
//
//	validator := path.New(path.Options{Anchors: roots, Candidates: authorities, Revocation: lists.Check})
//	result, err := validator.Validate(ctx, path.Question{Target: signer, At: signingTime, Extra: fromMessage})
//	var failure *path.Failure
//	if errors.As(err, &failure) {
//		// failure.Rule, failure.Section and failure.Certificate say what did not hold, where and why
//	}
//
// What is trusted: the keys of Options.Anchors, and nothing else. Candidates and Extra only help to find the way.
// Each issuer may use any algorithm of package algorithms, RSA, ECDSA, Ed25519 or GOST, in any order.
//
// An anchor is given as a certificate. RFC 5280 takes its name and key; beyond that its validity, its pathLen and
// its name constraints hold too (RFC 5937 §3), because who put them there meant them.
//
// The search goes from the target to the anchors. It leaves out a candidate whose name and key stand in the path
// already (so that cross certificates make no circles) and any whose key did not sign; it is bounded in length,
// steps and signature checks (Limits), and what the bounds cut off is refused. Revocation is asked last and only
// about paths that hold in all else, from the anchor's side.
//
// # What may be cached
//
// The signature of one certificate by one key never changes its truth: that may be remembered for ever, by the
// bytes of both. A verdict over a path may not: it holds for one time, one set of anchors and inputs and the
// revocation data it rests on. Who caches a Result must end it at the earliest of: Result.NotAfter (the end of the
// first certificate to expire), the nextUpdate of every list and OCSP answer that was used, and a change of
// anchors, candidates or inputs. Cached chain verdicts must not outlive their revocation data. "Revoked" may be
// kept, save for certificateHold; "unknown" and "no path" must not be kept at all: they are cured from one minute
// to the next.
//
// This package itself keeps nothing between two calls of Validate, unless Options.Remember says so: then it keeps
// what stays true, the signatures of authorities' certificates and the chains that hold in all but revocation, with
// the span of time for which they do. Dates of algorithms are looked at and revocation is asked at every call.
package path

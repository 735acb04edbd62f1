// Package revocation learns whether a certificate is revoked: by OCSP first (RFC 6960), and from the
// lists of the authority when OCSP is silent (RFC 5280 §6.3). When both are silent the answer is
// [ErrUnavailable], never good.
//
//	client := &revocation.Client{
//		Sources: []revocation.Source{{Issuer: nca, OCSP: "http://ocsp.example/", CRL: "http://crl.example/nca.crl", Delta: "http://crl.example/nca_d.crl"}},
//		Folder:  "/var/lib/portal/crl",
//	}
//	answer, err := client.Check(ctx, certificate, issuer, clock())
//
// Only the addresses of Sources are ever called, redirects are refused, and every answer is bounded in
// size and time: an address that stands in a certificate was chosen by whoever made the certificate.
//
// # What is kept
//
// Lists are kept in memory, and in a folder if there is one, until their nextUpdate; after Client.ListAge
// the authority is asked for a newer one (by ETag and If-Modified-Since). A list takes the place of the
// one at hand only when it is whole, signed by the issuer, current and not older; until then, and when
// the authority is silent, the old one is used as long as it is current. Whoever needs a list while it is
// being downloaded waits for that download.
//
// Good answers of OCSP are kept only if Client.Reuse says so, never beyond their nextUpdate, MaxAge or
// ten minutes. A revocation once learnt is not forgotten while the program runs, and no later good answer
// or silence undoes it, save for certificates on hold.
package revocation

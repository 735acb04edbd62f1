package bouncycastle_test

import (
	"bytes"
	"crypto/elliptic"
	"net/http"
	"testing"
	"time"

	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/ocsp"
)

// branch is one of the two halves of the demo authority, with somebody in good standing and somebody revoked.
type branch struct {
	root, list           string // where the lists are
	number               int    // among the authorities
	good, revoked, other *democa.Holder
}

func branches(t *testing.T) map[string]branch {
	return map[string]branch{
		"RSA":  {democa.PathRootCRL, democa.PathCRL, 0, holder(t, "person"), holder(t, "revoked"), nationalHolder(t, "person")},
		"GOST": {democa.PathGOSTRootCRL, democa.PathGOSTCRL, 1, nationalHolder(t, "person"), nationalHolder(t, "revoked"), holder(t, "person")},
	}
}

func (b branch) certificates(t *testing.T) (root, issuing []byte) {
	return demo(t).Roots()[b.number].Raw, demo(t).Intermediates()[b.number].Raw
}

// revokedSince is when and why the demo authority revoked, in the words of BouncyCastle.
var revokedSince = T0.AddDate(0, 0, -1).Format(time.RFC3339) + " 1"

func TestBouncyCastleAcceptsOurCertificates(t *testing.T) {
	for name, b := range branches(t) {
		root, issuing := b.certificates(t)
		accepts(t, name+" root", "", "certificate", root, root)
		accepts(t, name+" issuing authority", "", "certificate", issuing, root)
		accepts(t, name+" person", "", "certificate", b.good.Certificate.Raw, issuing)
		refuses(t, name+", damaged", "wrong signature", "certificate", flipped(b.good.Certificate.Raw, 0.99), issuing)
		refuses(t, name+", of the other branch", "another issuer", "certificate", b.other.Certificate.Raw, issuing)
	}
	for name, h := range map[string]*democa.Holder{"P-384": curve(t, elliptic.P384()), "Ed25519": edwards(t), "GOST 256": national(t, gost.Curve256())} {
		accepts(t, name, "", "certificate", h.Certificate.Raw, h.Chain[0].Raw)
	}
}

// Path validation of RFC 5280 with revocation; of RSA, since BouncyCastle's does not know the national branch.
func TestBouncyCastleAcceptsOurPaths(t *testing.T) {
	b := branches(t)["RSA"]
	root, issuing := b.certificates(t)
	list, ofRoot := request(t, http.MethodGet, b.list, nil), request(t, http.MethodGet, b.root, nil)
	at := []byte(T0.Format(time.RFC3339))
	path := func(h *democa.Holder, lists ...[]byte) [][]byte {
		return append([][]byte{at, root, h.Certificate.Raw, issuing}, lists...)
	}
	accepts(t, "person", "", "path", path(b.good, list, ofRoot)...)
	refuses(t, "revoked", "Certificate revocation after", "path", path(b.revoked, list, ofRoot)...)
	refuses(t, "expired", "expired", "path", path(holder(t, "expired"), list, ofRoot)...)
	refuses(t, "untrusted", "signature", "path", path(holder(t, "untrusted"), list, ofRoot)...)
	refuses(t, "without the root's list", "No CRLs found", "path", path(b.good, list)...)
	refuses(t, "damaged list", "Cannot verify CRL", "path", path(b.good, flipped(list, 0.99), ofRoot)...)
}

func TestBouncyCastleAcceptsOurLists(t *testing.T) {
	for name, b := range branches(t) {
		root, issuing := b.certificates(t)
		list := request(t, http.MethodGet, b.list, nil)
		accepts(t, name+" person", "absent", "list", list, issuing, b.good.Certificate.Raw)
		accepts(t, name+" revoked", revokedSince, "list", list, issuing, b.revoked.Certificate.Raw)
		accepts(t, name+" root", "absent", "list", request(t, http.MethodGet, b.root, nil), root, issuing)
		refuses(t, name+", damaged", "wrong signature", "list", flipped(list, 0.99), issuing, b.good.Certificate.Raw)
		refuses(t, name+" list as the root's", "another issuer", "list", list, root, b.good.Certificate.Raw)
	}
}

func TestBouncyCastleAcceptsOurAnswers(t *testing.T) {
	nonce := bytes.Repeat([]byte{7}, 32)
	for name, b := range branches(t) {
		root, issuing := b.certificates(t)
		answer := func(h *democa.Holder) []byte {
			question, err := ocsp.NewRequest(ocsp.TargetOf(h.Certificate, h.Chain[0]), nonce)
			if err != nil {
				t.Fatal(err)
			}
			return request(t, http.MethodPost, democa.PathOCSP, question)
		}
		good := answer(b.good)
		accepts(t, name+" person", "good", "answer", good, b.good.Certificate.Raw, issuing, nonce)
		accepts(t, name+" revoked", revokedSince, "answer", answer(b.revoked), b.revoked.Certificate.Raw, issuing, nonce)
		ofAuthority := answer(&democa.Holder{Certificate: b.good.Chain[0], Chain: demo(t).Roots()[b.number : b.number+1]})
		accepts(t, name+" issuing authority", "good", "answer", ofAuthority, issuing, root, nonce)
		refuses(t, name+", about another", "nothing about this certificate", "answer", good, b.revoked.Certificate.Raw, issuing, nonce)
		refuses(t, name+", another nonce", "another nonce", "answer", good, b.good.Certificate.Raw, issuing, flipped(nonce, 0.5))
		refuses(t, name+", of the root", "responder", "answer", good, b.good.Certificate.Raw, root, nonce)
		damaged := bytes.Replace(good, nonce, flipped(nonce, 0.5), 1)
		refuses(t, name+", damaged", "wrong signature", "answer", damaged, b.good.Certificate.Raw, issuing, flipped(nonce, 0.5))
	}
}

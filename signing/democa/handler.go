package democa

import (
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net/http"
	"time"

	"elicensing/signing/ocsp"
)

// Paths under which Handler answers.
const (
	PathOCSP    = "/ocsp"     // POST, RFC 6960 appendix A
	PathCRL     = "/nca.crl"  // GET: people
	PathRootCRL = "/root.crl" // list of the RSA root

	PathGOSTCRL     = "/nca-gost.crl"  // of the branch with GOST keys
	PathGOSTRootCRL = "/root-gost.crl" // list of the GOST root

	PathTSP = "/tsp" // POST, RFC 3161 §3.4
)

const (
	maxQuestion   = 16 << 10           // bytes
	answerHolds   = 10 * time.Minute   // nextUpdate of an OCSP answer
	listHolds     = 7 * 24 * time.Hour // nextUpdate of a CRL
	stampAccuracy = time.Second        // of a time stamp
)

// Handler answers OCSP, CRL and time-stamp questions at the paths above.
func (a *Authority) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+PathOCSP, func(w http.ResponseWriter, r *http.Request) {
		respond(w, r, "application/ocsp-response", a.answerOCSP)
	})
	mux.HandleFunc("POST "+PathTSP, func(w http.ResponseWriter, r *http.Request) {
		respond(w, r, "application/timestamp-reply", a.answerStamp)
	})
	for path, issuer := range map[string]*pair{
		PathCRL: &a.issuing, PathRootCRL: &a.root, PathGOSTCRL: &a.gost.issuing, PathGOSTRootCRL: &a.gost.root,
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { a.serveCRL(w, *issuer) })
	}
	return mux
}

// respond reads a bounded question and writes what answer makes of it.
func respond(w http.ResponseWriter, r *http.Request, contentType string, answer func([]byte) ([]byte, error)) {
	question, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
	if err != nil {
		http.Error(w, "question is too large", http.StatusRequestEntityTooLarge)
		return
	}
	body, err := answer(question)
	if err != nil {
		http.Error(w, "no answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(body) // a client that hung up has nobody to tell
}

// OCSP error statuses, RFC 6960 §4.2.1.
const (
	malformedRequest = 1
	unauthorized     = 6
)

func (a *Authority) answerOCSP(question []byte) ([]byte, error) {
	request, err := ocsp.ParseRequest(question)
	if err != nil || len(request.IDs) != 1 || len(request.Nonce) > 128 {
		return ocsp.CreateError(malformedRequest)
	}
	id := request.IDs[0]
	responder := a.ocsp
	switch {
	case id.Names(a.issuing.certificate):
	case id.Names(a.root.certificate):
		responder = a.root // for the one certificate of the issuing authority the root answers itself
	case id.Names(a.gost.issuing.certificate):
		responder = a.gost.ocsp
	case id.Names(a.gost.root.certificate):
		responder = a.gost.root
	default:
		return ocsp.CreateError(unauthorized)
	}
	now := a.now()
	answer := ocsp.Entry{ID: id, Status: ocsp.Unknown, ThisUpdate: now, NextUpdate: now.Add(answerHolds)}
	if e, known := a.entryOf(id.SerialNumber); known {
		answer.Status = ocsp.Good
		if !e.RevokedAt.IsZero() {
			answer.Status, answer.RevokedAt, answer.Reason = ocsp.Revoked, e.RevokedAt, e.Reason
		}
	}
	return ocsp.Response{
		Responder: responder.certificate, ProducedAt: now, Nonce: request.Nonce, Entries: []ocsp.Entry{answer},
	}.Create(signAnswer(responder.key))
}

func (a *Authority) serveCRL(w http.ResponseWriter, issuer pair) {
	der, err := a.list(issuer)
	if err != nil {
		http.Error(w, "no list", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/pkix-crl")
	_, _ = w.Write(der) // a client that hung up has nobody to tell
}

// list makes the complete list of an issuer. Serial numbers are unique over all issuers, so one
// register serves them all.
func (a *Authority) list(issuer pair) ([]byte, error) {
	now := a.now().UTC().Truncate(time.Second)
	template := &x509.RevocationList{
		Number: big.NewInt(now.Unix()), ThisUpdate: now, NextUpdate: now.Add(listHolds),
	}
	a.mu.Lock()
	for number, e := range a.register {
		if e.RevokedAt.IsZero() {
			continue
		}
		serial, ok := new(big.Int).SetString(number, 10)
		if !ok {
			a.mu.Unlock()
			return nil, errors.New("democa: register holds a broken serial number")
		}
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: serial, RevocationTime: e.RevokedAt, ReasonCode: max(e.Reason, 0)}) // unspecified is not written, RFC 5280 §5.3.1
	}
	a.mu.Unlock()
	return createList(template, issuer)
}

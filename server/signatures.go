package server

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/signing"
	"elicensing/signing/document"
)

// maxSignedFile is the largest file that is checked for anyone, in bytes: a request with its scans is far below.
const maxSignedFile = 20 << 20

// signatureReport is what anyone is told of a file: what stands in it already, and our verdict. Numbers that identify a person are left out.
type signatureReport struct {
	Kind       document.Kind       `json:"kind"`
	Outcome    signing.Outcome     `json:"outcome"`
	Reason     signing.Reason      `json:"reason,omitempty"`
	Code       string              `json:"code,omitempty"`
	Signatures []reportedSignature `json:"signatures"`
	AsOf       time.Time           `json:"asOf"`
}

type reportedSignature struct {
	Outcome          signing.Outcome `json:"outcome"`
	Reason           signing.Reason  `json:"reason,omitempty"`
	Code             string          `json:"code,omitempty"`
	CoversWholeFile  bool            `json:"coversWholeFile"`
	Signer           string          `json:"signer,omitempty"`
	Organisation     string          `json:"organisation,omitempty"`
	BIN              string          `json:"bin,omitempty"`
	CertificateFrom  *time.Time      `json:"certificateFrom,omitempty"`
	CertificateUntil *time.Time      `json:"certificateUntil,omitempty"`
	ClaimedAt        *time.Time      `json:"claimedAt,omitempty"`
	ProvenAt         *time.Time      `json:"provenAt,omitempty"`
	Algorithm        string          `json:"algorithm,omitempty"`
	TimeStamps       []reportedStamp `json:"timeStamps"`
	Checks           []reportedCheck `json:"checks"`
}

type reportedStamp struct {
	Outcome   signing.Outcome `json:"outcome"`
	Reason    signing.Reason  `json:"reason,omitempty"`
	At        *time.Time      `json:"at,omitempty"`
	Authority string          `json:"authority,omitempty"`
}

type reportedCheck struct {
	Name    string               `json:"name"`
	Rule    string               `json:"rule"`
	Outcome signing.CheckOutcome `json:"outcome"`
}

// checkSignature judges the signatures of a file that anyone sends: a PDF, a container or a message. The file is not kept.
func (s *Server) checkSignature(c *gin.Context) error {
	if err := s.Checks.Allow(c.ClientIP()); err != nil {
		return err
	}
	file, err := readBody(c, maxSignedFile)
	if err != nil {
		return err
	}
	r := document.Verify(c.Request.Context(), s.Applications.Verifier, document.Input{File: file, Policy: signing.Archive})
	out := signatureReport{Kind: r.Kind, Outcome: r.Outcome, Reason: r.Reason, Code: r.SubIndication, Signatures: []reportedSignature{}, AsOf: s.Now()}
	for _, one := range r.Signatures {
		out.Signatures = append(out.Signatures, reported(one))
	}
	return reply(c, http.StatusOK, out)
}

func reported(s document.Signature) reportedSignature {
	out := reportedSignature{Outcome: s.Outcome, Reason: s.Reason, Code: s.SubIndication, CoversWholeFile: s.CoversWholeFile, ClaimedAt: moment(s.SigningTime),
		Algorithm: s.Algorithm, TimeStamps: []reportedStamp{}, Checks: []reportedCheck{}}
	if p := s.Signer; p != nil {
		out.Signer, out.Organisation, out.BIN = p.FullName(), p.Organisation, p.BIN
		out.CertificateFrom, out.CertificateUntil = moment(p.NotBefore), moment(p.NotAfter)
	}
	for _, stamp := range s.TimeStamps {
		out.TimeStamps = append(out.TimeStamps, reportedStamp{stamp.Outcome, stamp.Reason, moment(stamp.Time), stamp.Authority})
		if stamp.Passed() {
			out.ProvenAt = moment(s.BestSignatureTime)
		}
	}
	for _, check := range s.Checks {
		out.Checks = append(out.Checks, reportedCheck{check.Name, check.Rule, check.Outcome})
	}
	return out
}

// moment is nil for a time that is not known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

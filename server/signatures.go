package server

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
	"elicensing/signing"
	"elicensing/signing/document"
)

// maxSignedFile bounds what is checked for anyone, in bytes, be it one file or two. A request whose scans are larger is checked with
// `elicensing verify`, which reads from the disk.
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

// checkSignature judges the signatures of what anyone sends: a PDF, a container, a message, or a message and the file that it is over. Nothing is
// kept.
func (s *Server) checkSignature(c *gin.Context) error {
	leave, err := s.checkFor(c)
	if err != nil {
		return err
	}
	defer leave()
	files, err := signedFiles(c)
	if err != nil {
		return err
	}
	r, err := s.judge(c.Request.Context(), files)
	if err != nil {
		return err
	}
	out := signatureReport{Kind: r.Kind, Outcome: r.Outcome, Reason: r.Reason, Code: r.SubIndication, Signatures: []reportedSignature{}, AsOf: s.Now()}
	for _, one := range r.Signatures {
		out.Signatures = append(out.Signatures, reported(one))
	}
	return reply(c, http.StatusOK, out)
}

func (s *Server) judge(ctx context.Context, files [][]byte) (document.Report, error) {
	if len(files) == 1 {
		return document.Verify(ctx, s.Applications.Verifier, document.Input{File: files[0], Policy: signing.Archive}), nil
	}
	r, err := document.VerifyTogether(ctx, s.Applications.Verifier, files[0], files[1], signing.Archive)
	if errors.Is(err, document.ErrNoMessage) {
		return r, fault.Invalid("no_separate_signature")
	}
	return r, err
}

// signedFiles reads one file as it is, or one or two of a form.
func signedFiles(c *gin.Context) ([][]byte, error) {
	if t, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err == nil && t == "multipart/form-data" {
		return readFiles(c, "file", 2, maxSignedFile)
	}
	file, err := readBody(c, maxSignedFile)
	return [][]byte{file}, err
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

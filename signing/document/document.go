// Package document verifies whole files: a PDF with embedded signatures (PAdES), an ASiC-E container, or a
// CMS message by itself. It finds the signatures and the bytes that each is over; package signing judges
// them.
//
//	report := document.Verify(ctx, verifier, document.Input{File: file, Policy: signing.Archive})
//	if report.Passed() { … }
//
// A message that is kept apart from what it is over is judged together with it: [VerifyTogether].
package document

import (
	"bytes"
	"context"
	"errors"

	"elicensing/signing"
	"elicensing/signing/asice"
	"elicensing/signing/cms"
	"elicensing/signing/pades"
)

// Kind is what a file is, told from its bytes and never from its name.
type Kind string

const (
	PDF       Kind = "pdf"   // PDF with embedded signatures (PAdES)
	Container Kind = "asice" // ASiC-E container with a manifest
	Message   Kind = "cms"   // CMS message by itself
)

// Input is a file that anybody may have made.
type Input struct {
	File    []byte         // the whole file
	Content []byte         // of a detached message: what it is over. Nil: nothing is at hand
	Policy  signing.Policy // by which its signatures are judged
}

// Report is the answer about a file. Its outcome is that of its worst signature, or its own when the file
// itself is bad.
type Report struct {
	Kind          Kind            `json:"kind"`                    // what the file was taken for
	Outcome       signing.Outcome `json:"outcome"`                 // that of its worst signature, or of the file
	SubIndication string          `json:"subIndication,omitempty"` // of EN 319 102-1
	Reason        signing.Reason  `json:"reason,omitempty"`        // stable code; empty when it passed
	Detail        string          `json:"detail,omitempty"`        // English, without personal data
	Signatures    []Signature     `json:"signatures,omitempty"`    // one for each, in the order of the file
}

// Signature is the report about one signature of the file.
type Signature struct {
	signing.Report
	// CoversWholeFile is false when something that a reader may be shown was added to the file after this
	// signature. The signature is then good for an earlier state of the file only, and Outcome of the
	// Report around it says so.
	CoversWholeFile bool `json:"coversWholeFile"`
}

// Passed tells whether the file has signatures and every one of them is good, for all of the file.
func (r Report) Passed() bool { return r.Outcome == signing.TotalPassed }

// KindOf tells what a file is. Whatever is neither PDF nor container is taken for a message; so is a message that carries a PDF.
func KindOf(file []byte) Kind {
	switch {
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return Container
	case bytes.Contains(file[:min(len(file), 1024)], []byte("%PDF-")) && messageIn(file) == nil:
		return PDF
	}
	return Message
}

// Verifier judges one message; *signing.Verifier is one.
type Verifier interface {
	VerifyWith(ctx context.Context, in signing.Input) signing.Report // judges one message; whatever is wrong with it stands in the report
}

// Verify finds the signatures of a file and has each judged.
func Verify(ctx context.Context, v Verifier, in Input) Report {
	switch KindOf(in.File) {
	case Container:
		return verifyContainer(ctx, v, in)
	case PDF:
		return verifyPDF(ctx, v, in)
	}
	return verifyMessage(ctx, v, in)
}

func verifyMessage(ctx context.Context, v Verifier, in Input) Report {
	content := in.Content
	if content == nil {
		content = carried(in.File)
	}
	return of(Message, v.VerifyWith(ctx, signing.Input{Message: in.File, Content: content, Policy: in.Policy}))
}

// carried is the content of an attached message: without another, it is what is signed.
func carried(file []byte) []byte {
	m := messageIn(file)
	if m == nil {
		return nil // the verifier refuses it, and says why
	}
	return m.Content
}

// messageIn is the message that a file is; nil when it cannot be read as one.
func messageIn(file []byte) *cms.Message {
	der, err := cms.Decode(file)
	if err != nil {
		return nil
	}
	m, err := cms.Parse(der)
	if err != nil {
		return nil
	}
	return m
}

// of takes over the verdict about one message, with each signer's report.
func of(kind Kind, r signing.Report) Report {
	out := Report{Kind: kind, Outcome: r.Outcome, SubIndication: r.SubIndication, Reason: r.Reason}
	each := r.Signatures
	if each == nil {
		each = []signing.Report{r}
	}
	if r.Outcome == signing.NoSignatureFound {
		return out
	}
	for _, one := range each {
		out.Signatures = append(out.Signatures, Signature{Report: one, CoversWholeFile: true})
	}
	return out
}

func refuse(kind Kind, reason signing.Reason, detail string) Report {
	outcome, sub := signing.Verdict(reason)
	return Report{Kind: kind, Outcome: outcome, SubIndication: sub, Reason: reason, Detail: detail}
}

func verifyContainer(ctx context.Context, v Verifier, in Input) Report {
	c, err := asice.Read(bytes.NewReader(in.File), int64(len(in.File)))
	switch {
	case errors.Is(err, asice.ErrDigest):
		return refuse(Container, signing.SignatureContentDiffers, err.Error())
	case err != nil:
		return refuse(Container, signing.DocumentMalformed, err.Error())
	}
	return of(Container, v.VerifyWith(ctx, signing.Input{Message: c.Signature, Content: c.Manifest, Policy: in.Policy}))
}

func verifyPDF(ctx context.Context, v Verifier, in Input) Report {
	found, err := pades.Signatures(in.File)
	if err != nil {
		return refuse(PDF, signing.DocumentMalformed, err.Error())
	}
	if len(found) == 0 {
		return refuse(PDF, signing.SignatureNone, "file has no signature")
	}
	out := Report{Kind: PDF, Outcome: signing.TotalPassed}
	for _, s := range found {
		if s.CMS == nil {
			return refuse(PDF, signing.SignatureNone, "file waits for a signature")
		}
		report := v.VerifyWith(ctx, signing.Input{Message: s.CMS, Content: s.SignedBytes, Policy: in.Policy,
			Kept: signing.Kept(s.Store)})
		out.add(Signature{Report: report, CoversWholeFile: s.CoversWhatIsShown})
	}
	return out
}

// severity orders outcomes, the best first.
var severity = map[signing.Outcome]int{signing.TotalPassed: 0, signing.Indeterminate: 1, signing.TotalFailed: 2, signing.NoSignatureFound: 2}

// add lets the verdict about the file be that of its worst signature. A signature that does not cover what the
// file shows now makes the file doubtful, however good it is for the state that was signed.
func (r *Report) add(s Signature) {
	r.Signatures = append(r.Signatures, s)
	outcome, sub, reason := s.Outcome, s.SubIndication, s.Reason
	if s.Passed() && !s.CoversWholeFile {
		reason = signing.DocumentChanged
		outcome, sub = signing.Verdict(reason)
	}
	if severity[outcome] > severity[r.Outcome] {
		r.Outcome, r.SubIndication, r.Reason = outcome, sub, reason
	}
}

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"elicensing/signing"
	"elicensing/signing/document"
)

// writeReport says in plain words what is said of a file.
func writeReport(to io.Writer, r document.Report, language string) error {
	texts, err := signing.TextsIn(language)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", texts.Outcomes[r.Outcome])
	if r.Reason != "" {
		fmt.Fprintf(&b, "%s\n", texts.Reasons[r.Reason])
		fmt.Fprintf(&b, "(%s)\n", code(r.Outcome, r.SubIndication, r.Reason))
	}
	for i, s := range r.Signatures {
		writeSignature(&b, texts, i+1, s)
	}
	_, err = io.WriteString(to, b.String())
	return err
}

func code(parts ...any) string {
	var words []string
	for _, p := range parts {
		if text := fmt.Sprint(p); text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}

func writeSignature(b *strings.Builder, texts signing.Texts, number int, s document.Signature) {
	line := func(word, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %s: %s\n", texts.Words[word], value)
		}
	}
	fmt.Fprintf(b, "\n%s %d: %s\n", texts.Words["signature"], number, texts.Outcomes[s.Outcome])
	if s.Reason != "" {
		fmt.Fprintf(b, "  %s\n", texts.Reasons[s.Reason])
	}
	if p := s.Signer; p != nil {
		line("signed_by", p.FullName())
		line("iin", p.IIN)
		line("organisation", p.Organisation)
		line("bin", p.BIN)
		line("period", shown(p.NotBefore)+" – "+shown(p.NotAfter))
	}
	line("signed_at", shown(s.SigningTime))
	if len(s.TimeStamps) == 0 {
		fmt.Fprintf(b, "  %s\n", texts.Words["no_timestamp"])
	}
	for _, stamp := range s.TimeStamps {
		said := shown(stamp.Time) + " " + stamp.Authority
		if !stamp.Passed() {
			said += ": " + texts.Reasons[stamp.Reason]
		}
		line("timestamp", strings.TrimSpace(said))
	}
	if s.Passed() {
		line("proven", shown(s.BestSignatureTime))
	}
	line("algorithm", s.Algorithm)
	for _, c := range s.Checks {
		fmt.Fprintf(b, "    %-8s %-20s %s\n", c.Outcome, c.Name, code(c.Rule, c.Detail))
	}
}

func shown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

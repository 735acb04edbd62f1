package payments

import (
	"fmt"
	"strings"
)

// Draw gives the table as a Mermaid state diagram, which README.md shows; a test holds the two together.
func Draw() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    direction LR\n    [*] --> open\n")
	seen := map[string]bool{}
	line := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if !seen[text] {
			seen[text] = true
			b.WriteString(text)
		}
	}
	for _, t := range Transitions {
		label := string(t.Event)
		if t.Guard != NoGuard {
			label += " [" + string(t.Guard) + "]"
		}
		for _, from := range t.From {
			if here, there := place(t.In, from), place(t.InTo, t.To); here != there {
				line("    %s --> %s: %s\n", here, there, label)
			}
		}
	}
	for _, t := range Transitions {
		if t.InTo != InvoiceOpen {
			line("    %s --> [*]\n", place(t.InTo, t.To))
		}
	}
	return b.String()
}

// DrawTable gives the rows as a Markdown table.
func DrawTable() string {
	var b strings.Builder
	b.WriteString("| what happens | invoice | its payment | becomes | if | clause |\n|---|---|---|---|---|---|\n")
	for _, t := range Transitions {
		var from []string
		for _, f := range t.From {
			from = append(from, named(f))
		}
		guard := string(t.Guard)
		if t.Guard == NoGuard {
			guard = "–"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s / %s | %s | %s |\n", t.Event, t.In, strings.Join(from, ", "), t.InTo, named(t.To), guard, t.Clause)
	}
	return b.String()
}

// place names an invoice with its payment as one node: an open one by where its payment stands.
func place(in InvoiceState, p PaymentState) string {
	switch {
	case in != InvoiceOpen:
		return string(in)
	case p == StateNone:
		return "open"
	}
	return string(p)
}

func named(p PaymentState) string {
	if p == StateNone {
		return "none"
	}
	return string(p)
}

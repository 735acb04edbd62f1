package print

import "time"

// NonSubmission is the certificate with which the payer of a fee who did not file has it refunded by the tax office (S7.1, letters §5).
type NonSubmission struct {
	Number     string
	Date       time.Time
	Payer      Party
	Authority  Authority
	AmountTiyn int64
	PaidAt     time.Time
	Document   string // number of the payment document
	Requisites Requisites
	Head       string
	Signature  EDS
	Demo       bool
}

// CertificateOfNonSubmission draws the certificate in both languages on one page. Errors: ErrIncomplete.
func CertificateOfNonSubmission(c NonSubmission) ([]byte, error) {
	if c.Number == "" || c.Date.IsZero() || c.Payer.Name.isEmpty() || c.Payer.ID == "" || c.Authority.Name.isEmpty() ||
		c.AmountTiyn <= 0 || c.PaidAt.IsZero() || c.Document == "" || c.Head == "" {
		return nil, ErrIncomplete
	}
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	c.tidy()
	p := slip{sheet: &sheet{drawing: d, left: 20, width: pageWidth - 36}, authority: c.Authority, demo: c.Demo}
	p.begin = func(*sheet) { p.frame() }
	p.newPage()
	p.head(d.word("ns.title"), c.Number, "")
	p.panel(
		fact{label: d.word("ns.date"), value: p.date(c.Date)},
		fact{label: d.word("pay.amount"), value: Same(tenge(c.AmountTiyn))},
	)
	p.say(d.word("ns.body"))
	p.say(d.word("ns.use"))
	p.y += 2
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.3, ink)
	id := p.idWord(c.Payer.Kind)
	p.labelled(d.word("pay.payer"), append(p.both(c.Payer.Name), p.plain(id.KK+" / "+id.RU+" "+c.Payer.ID)...)...)
	p.labelled(d.word("ns.document"), append(p.plain("№ "+c.Document), p.both(p.date(c.PaidAt))...)...)
	p.labelled(d.word("ns.licensor"), p.both(c.Authority.Name)...)
	p.labelled(d.word("ns.head"), p.plain(c.Head)...)
	p.requisites(c.Requisites)
	p.y += 5
	p.signed(c.Signature)
	p.numberPages(pageHeight-12, "№ "+c.Number)
	return d.finish(about{title: d.word("ns.title").in(ru) + " № " + c.Number, at: c.Signature.At})
}

func (c *NonSubmission) tidy() {
	c.Number, c.Document, c.Head, c.Signature.Signer = clean(c.Number), clean(c.Document), clean(c.Head), clean(c.Signature.Signer)
	c.Payer, c.Requisites.Beneficiary = c.Payer.cleaned(), c.Requisites.Beneficiary.cleaned()
	for _, t := range []*Text{&c.Authority.Name, &c.Authority.Address} {
		*t = t.cleaned()
	}
}

// signed notes the electronic signature in both languages.
func (p *slip) signed(e EDS) {
	half := p.width/2 - 3
	notes := make([][]styled, 0, 2)
	tall := 0.0
	for _, l := range []language{kk, ru} {
		lines := p.set(noteBold, p.word("lic.signed").in(l), half-2*notePad)
		lines = append(lines, p.setAtMost(3, noteStyle, fill(p.word("lic.signer"), map[string]Text{"name": Same(e.Signer)}).in(l), half-2*notePad)...)
		lines = append(lines, p.set(noteStyle, fill(p.word("lic.signed_at"), map[string]Text{"at": stamp(e.At)}).in(l), half-2*notePad)...)
		notes = append(notes, lines)
		tall = max(tall, height(lines))
	}
	tall += 2 * notePad
	p.need(tall)
	for i, lines := range notes {
		x := p.left + float64(i)*(half+6)
		p.box(x, p.y, half, tall, 0.26, ink)
		p.print(x+notePad, p.y+notePad, lines)
	}
	p.y += tall
}

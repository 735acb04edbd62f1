package print

// PaymentReceipt draws the receipt of the licence fee (S7.1, S7.2): the sum with its arithmetic, where it
// went, and the gateway's own number. Errors: ErrIncomplete.
func PaymentReceipt(r Payment) ([]byte, error) {
	if r.Invoice == "" || r.AmountTiyn <= 0 || r.PaidAt.IsZero() || r.Payer.Name.isEmpty() {
		return nil, ErrIncomplete
	}
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	r.tidy()
	p := slip{sheet: &sheet{drawing: d, left: 20, width: pageWidth - 36}, authority: r.Authority, demo: r.Demo}
	p.begin = func(*sheet) { p.frame() }
	p.newPage()
	p.head(d.word("pay.title"), r.Invoice, r.CheckURL)
	p.paid(r)
	p.requisites(r.Requisites)
	p.y += 4
	p.say(d.word("pay.no_refund"))
	p.numberPages(pageHeight-12, "№ "+r.Invoice)
	return d.finish(about{title: d.word("pay.title").in(ru) + " № " + r.Invoice, at: r.PaidAt})
}

// paid prints who paid what, when and how the sum comes about.
func (p *slip) paid(r Payment) {
	p.panel(
		fact{label: p.word("pay.amount"), value: Same(tenge(r.AmountTiyn)), more: p.word("pay.status_paid")},
		fact{label: p.word("pay.date"), value: p.moment(r.PaidAt)},
	)
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.3, ink)
	if r.RateMCI != "" && r.MCITiyn > 0 {
		values := map[string]Text{"rate": Same(r.RateMCI), "mci": Same(tenge(r.MCITiyn)), "amount": Same(tenge(r.AmountTiyn))}
		p.labelled(p.word("pay.calculation"), append(p.both(fill(p.word("pay.calculation.value"), values)),
			p.both(fill(p.word("pay.calculation.mci"), values))...)...)
	}
	p.labelled(p.word("pay.purpose"), p.both(r.Purpose.or(p.word("pay.fee_full")))...)
	id := p.idWord(r.Payer.Kind)
	p.labelled(p.word("pay.payer"), append(p.both(r.Payer.Name), p.plain(id.KK+" / "+id.RU+" "+r.Payer.ID)...)...)
	if r.Application != "" {
		p.labelled(p.word("pay.application"), p.plain(r.Application)...)
	}
	p.labelled(p.word("pay.gateway"), p.both(r.Gateway)...)
	p.labelled(p.word("pay.reference"), p.plain(r.Reference)...)
}

// requisites prints where the fee went; what is not known is left out.
func (p *slip) requisites(r Requisites) {
	title := p.word("pay.requisites")
	p.y += 5
	p.need(30)
	p.y = p.paragraph(p.left, p.y, p.width, sectionK, left, title.KK+" · "+title.RU) + 1.5
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.3, ink)
	var known []pair
	for _, row := range []struct {
		key   string
		value Text
	}{
		{"pay.beneficiary", r.Beneficiary}, {"pay.beneficiary_bin", Same(r.BeneficiaryBIN)}, {"pay.bank", r.Bank}, {"pay.bic", Same(r.BIC)},
		{"pay.account", Same(r.Account)}, {"pay.kno", Same(r.TaxOffice)}, {"pay.kbk", Same(r.Budget)}, {"pay.knp", Same(r.Purpose)},
	} {
		if !row.value.isEmpty() {
			known = append(known, pair{p.word(row.key), row.value})
		}
	}
	p.pairs(known)
}

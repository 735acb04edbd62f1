package print

// cleaned makes a text of others printable.
func (t Text) cleaned() Text { return Text{KK: clean(t.KK), RU: clean(t.RU)} }

// cleanAll makes a list of texts printable and leaves the caller's list as it is.
func cleanAll(list []Text) []Text {
	out := make([]Text, len(list))
	for i, t := range list {
		out[i] = t.cleaned()
	}
	return out
}

// cleanEach makes a list of strings printable.
func cleanEach(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}

func (p Party) cleaned() Party {
	return Party{Kind: p.Kind, Name: p.Name.cleaned(), ID: clean(p.ID), Address: p.Address.cleaned()}
}

func (a Authority) cleaned() Authority {
	return Authority{Name: a.Name.cleaned(), Address: a.Address.cleaned(), Phone: clean(a.Phone)}
}

// tidy cleans every text that the applicant has typed, in copies of the caller's lists.
func (r *RequestForm) tidy() {
	for _, s := range []*string{&r.Reference, &r.Head, &r.Email, &r.Fax, &r.BankAccount} {
		*s = clean(*s)
	}
	r.Applicant = r.Applicant.cleaned()
	for _, t := range []*Text{&r.Licensor, &r.Activity, &r.Experience} {
		*t = t.cleaned()
	}
	r.SubActivities, r.Phones, r.Sites = cleanAll(r.SubActivities), cleanEach(r.Phones), cleanEach(r.Sites)
	cleanRows(&r.Premises, func(p *Premises) []*string {
		return []*string{&p.Cadastral, &p.Location, &p.Certificate, &p.Lease}
	})
	cleanRows(&r.Equipment, func(e *Equipment) []*string {
		return []*string{&e.Name, &e.Country, &e.Unit, &e.Quantity, &e.Year}
	})
	cleanRows(&r.Staff, func(w *Worker) []*string { return []*string{&w.Name, &w.Position, &w.Education, &w.Experience} })
	cleanRows(&r.Education, func(e *Education) []*string {
		return []*string{&e.Speciality, &e.Qualification, &e.Number, &e.Series, &e.Institution, &e.YearIn, &e.YearOut, &e.Nostrification}
	})
	cleanRows(&r.Training, func(t *Training) []*string {
		return []*string{&t.Number, &t.Course, &t.Institution, &t.Start, &t.End, &t.Hours}
	})
	cleanRows(&r.Work, func(w *Work) []*string {
		return []*string{&w.Organisation, &w.Location, &w.Position, &w.Hired, &w.Dismissed}
	})
	cleanRows(&r.Certificates, func(c *Certificate) []*string {
		return []*string{&c.Speciality, &c.Category, &c.Issuer, &c.Number, &c.Date, &c.Term}
	})
	documents := make([]Document, len(r.Documents))
	for i, d := range r.Documents {
		documents[i] = Document{Name: d.Name.cleaned(), FileName: clean(d.FileName), SHA256: clean(d.SHA256)}
	}
	r.Documents = documents
}

// cleanRows replaces a list by a copy whose cells are clean.
func cleanRows[R any](rows *[]R, cells func(*R) []*string) {
	out := append([]R(nil), *rows...)
	for i := range out {
		for _, s := range cells(&out[i]) {
			*s = clean(*s)
		}
	}
	*rows = out
}

// tidy cleans every text that people have typed, in copies of the caller's lists.
func (l *RefusalLetter) tidy() {
	for _, s := range []*string{&l.OutNumber, &l.Application, &l.InNumber, &l.Head, &l.Executor, &l.ExecutorPhone, &l.CheckSite} {
		*s = clean(*s)
	}
	l.Authority, l.Applicant, l.Kind = l.Authority.cleaned(), l.Applicant.cleaned(), l.Kind.cleaned()
	l.SubActivities, l.Sites, l.Attachments = cleanAll(l.SubActivities), cleanEach(l.Sites), cleanAll(l.Attachments)
	grounds := append([]Ground(nil), l.Grounds...)
	for i := range grounds {
		g := &grounds[i]
		for _, t := range []*Text{&g.Requirement, &g.Basis, &g.Amount, &g.Reason, &g.Remedy} {
			*t = t.cleaned()
		}
	}
	l.Grounds = grounds
}

func (r *FilingReceipt) tidy() {
	r.Number, r.Clerk, r.Contacts = clean(r.Number), clean(r.Clerk), cleanEach(r.Contacts)
	r.Authority, r.Applicant = r.Authority.cleaned(), r.Applicant.cleaned()
	for _, t := range []*Text{&r.Service, &r.Kind, &r.Term, &r.Place} {
		*t = t.cleaned()
	}
	documents := make([]ReceiptDocument, len(r.Documents))
	for i, d := range r.Documents {
		documents[i] = ReceiptDocument{Name: d.Name.cleaned(), FileName: clean(d.FileName), Covered: d.Covered}
	}
	skipped := make([]SkippedDays, len(r.Skipped))
	for i, s := range r.Skipped {
		skipped[i] = SkippedDays{First: s.First, Last: s.Last, Why: s.Why.cleaned()}
	}
	r.Documents, r.Skipped = documents, skipped
}

func (r *Payment) tidy() {
	for _, s := range []*string{&r.Invoice, &r.Application, &r.RateMCI, &r.Reference, &r.Requisites.BeneficiaryBIN, &r.Requisites.BIC,
		&r.Requisites.Account, &r.Requisites.TaxOffice, &r.Requisites.Budget, &r.Requisites.Purpose} {
		*s = clean(*s)
	}
	for _, t := range []*Text{&r.Purpose, &r.Gateway, &r.Requisites.Beneficiary, &r.Requisites.Bank} {
		*t = t.cleaned()
	}
	r.Payer, r.Authority = r.Payer.cleaned(), r.Authority.cleaned()
}

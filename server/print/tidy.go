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

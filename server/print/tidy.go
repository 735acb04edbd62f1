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

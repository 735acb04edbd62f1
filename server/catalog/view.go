package catalog

// ForApplicant is the declaration as one kind of applicant meets it: sections, fields, slots,
// documents and requirements of others are left out. The page draws the form from it.
func (s *Service) ForApplicant(kind ApplicantKind) *Service {
	view := *s
	view.Sections = []Section{}
	for _, sec := range s.Sections {
		if !appliesTo(sec.For, kind) {
			continue
		}
		fields, slots := []Field{}, []Slot{}
		for _, f := range sec.Fields {
			if appliesTo(f.For, kind) {
				fields = append(fields, f)
			}
		}
		for _, slot := range sec.Slots {
			if appliesTo(slot.For, kind) {
				slots = append(slots, slot)
			}
		}
		if len(fields)+len(slots) > 0 {
			sec.Fields, sec.Slots = fields, slots
			view.Sections = append(view.Sections, sec)
		}
	}
	view.Card.Documents = []CardDocument{}
	for _, d := range s.Card.Documents {
		if appliesTo(d.For, kind) {
			view.Card.Documents = append(view.Card.Documents, d)
		}
	}
	view.Requirements = s.RequirementsFor(kind)
	return &view
}

// RequirementsFor is the executor's checklist for a kind of applicant.
func (s *Service) RequirementsFor(kind ApplicantKind) []Requirement {
	list := []Requirement{}
	for _, r := range s.Requirements {
		if appliesTo(r.For, kind) {
			list = append(list, r)
		}
	}
	return list
}

// Signed is what of the answers goes into the document that is signed: only fields that are shown
// to this applicant, without empty rows and empty values. Texts are not touched.
func (s *Service) Signed(kind ApplicantKind, answers Answers) Answers {
	out := Answers{}
	for _, sec := range s.Sections {
		if appliesTo(sec.For, kind) {
			prune(sec.Fields, kind, answers, out)
		}
	}
	return out
}

func prune(fields []Field, kind ApplicantKind, from, to map[string]any) {
	shown := shownFields(fields, kind, from)
	for _, f := range fields {
		value := from[f.ID]
		if !shown[f.ID] || empty(value) {
			continue
		}
		switch f.Type {
		case AddressField:
			if object, ok := value.(map[string]any); ok {
				to[f.ID] = withoutEmpty(object)
			}
		case AddressesField, TableField:
			rows := []any{}
			for _, object := range objects(value) {
				if empty(object) {
					continue
				}
				row := withoutEmpty(object)
				if f.Type == TableField {
					row = map[string]any{}
					prune(f.Columns, kind, object, row)
				}
				rows = append(rows, row)
			}
			to[f.ID] = rows
		default:
			to[f.ID] = value
		}
	}
}

func withoutEmpty(object map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range object {
		if !empty(v) {
			out[k] = v
		}
	}
	return out
}

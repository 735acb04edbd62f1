package print

import "fmt"

// details draws form 5 with its seven sections (SF5.1 to SF5.7). A section without rows says so, because the
// law prints all of them; the staff table is for entities, the work record for natural persons.
func (f *form) details() {
	f.newPage()
	f.formMark("5")
	f.heading(f.word("f5.title"))
	intro := f.word("f5.intro")
	f.y = f.paragraph(f.left, f.y+2, f.width, sectionR, left, intro.KK+" · "+intro.RU)

	f.section(1, Text{})
	for i, r := range f.r.Premises {
		f.entry(i, len(f.r.Premises), [][2]string{{"f5.1.cadastral", r.Cadastral}, {"f5.1.location", r.Location},
			{"f5.1.certificate", r.Certificate}, {"f5.1.lease", r.Lease}})
	}
	f.emptyRow(len(f.r.Premises))

	f.section(2, f.asOf(f.r.EquipmentAt))
	f.rows("f5.2.", []string{"no", "name.short", "country", "unit", "quantity", "year", "condition"},
		[]float64{10, 50, 27, 20, 18, 19, 27}, f.equipment())

	if f.entity() {
		f.section(3, f.asOf(f.r.StaffAt))
		f.rows("f5.3.", []string{"name", "position", "education", "experience"}, []float64{52, 44, 44, 30}, f.staff())
	}

	f.section(4, Text{})
	for i, r := range f.r.Education {
		f.entry(i, len(f.r.Education), [][2]string{{"f5.4.speciality", r.Speciality}, {"f5.4.qualification", r.Qualification},
			{"f5.4.number", r.Number}, {"f5.4.series", r.Series}, {"f5.4.institution", r.Institution},
			{"f5.4.year_in", r.YearIn}, {"f5.4.year_out", r.YearOut}, {"f5.4.nostrification", r.Nostrification}})
	}
	f.emptyRow(len(f.r.Education))

	f.section(5, Text{})
	f.rows("f5.5.", []string{"number", "course", "institution", "start", "end", "hours"}, []float64{24, 44, 44, 21, 21, 16}, f.training())

	if !f.entity() {
		f.section(6, Text{})
		f.rows("f5.6.", []string{"organisation", "location", "position", "hired", "dismissed"}, []float64{48, 42, 34, 26, 22}, f.work())
		if !f.r.Experience.isEmpty() {
			f.labelled(f.word("f5.6.total"), f.both(f.r.Experience)...)
		}
	}

	f.section(7, Text{})
	f.rows("f5.7.", []string{"speciality", "category", "issuer", "number", "date", "term"}, []float64{36, 27, 39, 27, 20, 23}, f.certificates())
}

// section prints the head of one section: its number, subtitle in both languages and, for lists, the day.
func (f *form) section(number int, asOf Text) {
	subtitle := f.word(fmt.Sprintf("f5.%d.subtitle", number))
	k := f.set(sectionK, fmt.Sprintf("%d. %s", number, subtitle.KK), f.width)
	r := f.set(sectionR, fmt.Sprintf("%d. %s", number, subtitle.RU), f.width)
	if !asOf.isEmpty() {
		r = append(r, f.set(sectionR, asOf.KK+" · "+asOf.RU, f.width)...)
	}
	f.y += 5
	f.need(height(k) + height(r) + 25)
	f.y = f.print(f.left, f.y, k)
	f.y = f.print(f.left, f.y, r) + 1.5
}

// rows draws a section's table.
func (f *form) rows(prefix string, keys []string, shares []float64, values [][]string) {
	fields := make([]field, len(keys))
	for i, key := range keys {
		fields[i] = field{f.word(prefix + key), shares[i]}
	}
	f.table(fields, values)
	f.emptyRow(len(values))
}

// entry draws one record as labelled rows, two of them beside each other would not hold the long labels.
func (f *form) entry(i, of int, values [][2]string) {
	if of > 1 {
		f.need(20)
		f.y += 1.5
		f.fillBox(f.left, f.y, f.width, sectionK.line()+1, panel)
		f.y = f.paragraph(f.left+cellPadding, f.y+0.5, f.width, sectionK, left, fmt.Sprintf("№ %d", i+1)) + 0.5
	} else {
		f.stroke(f.left, f.y, f.left+f.width, f.y, 0.3, ink)
	}
	for _, v := range values {
		if v[1] == "" && v[0] == "f5.4.nostrification" {
			continue
		}
		f.labelled(f.word(v[0]), f.orNone(v[1])...)
	}
}

// emptyRow says that a section has no entries.
func (f *form) emptyRow(entries int) {
	if entries > 0 {
		return
	}
	none := f.word("none")
	f.need(10)
	f.y = f.paragraph(f.left+cellPadding, f.y+1, f.width, cellStyle, left, none.KK+" / "+none.RU) + 1
	f.stroke(f.left, f.y, f.left+f.width, f.y, 0.2, hairline)
}

func (f *form) equipment() [][]string {
	var out [][]string
	for i, r := range f.r.Equipment {
		condition := f.word("f5.2.condition.opt1")
		if r.NotWorking {
			condition = f.word("f5.2.condition.opt2")
		}
		out = append(out, []string{fmt.Sprint(i + 1), r.Name, r.Country, r.Unit, r.Quantity, r.Year, condition.KK + " / " + condition.RU})
	}
	return out
}

func (f *form) staff() [][]string {
	var out [][]string
	for i, r := range f.r.Staff {
		out = append(out, []string{fmt.Sprintf("%d. %s", i+1, r.Name), r.Position, r.Education, r.Experience})
	}
	return out
}

func (f *form) training() [][]string {
	var out [][]string
	for _, r := range f.r.Training {
		out = append(out, []string{r.Number, r.Course, r.Institution, figures(r.Start), figures(r.End), r.Hours})
	}
	return out
}

func (f *form) work() [][]string {
	var out [][]string
	for _, r := range f.r.Work {
		out = append(out, []string{r.Organisation, r.Location, r.Position, figures(r.Hired), figures(r.Dismissed)})
	}
	return out
}

func (f *form) certificates() [][]string {
	var out [][]string
	for _, r := range f.r.Certificates {
		out = append(out, []string{r.Speciality, r.Category, r.Issuer, r.Number, figures(r.Date), figures(r.Term)})
	}
	return out
}

// attached lists the files that the manifest names, with their digests: what is signed beside this form.
func (f *form) attached() {
	if len(f.r.Documents) == 0 {
		return
	}
	f.y += 6
	f.need(40)
	f.heading(f.word("f3.documents"))
	var rows [][]string
	for i, d := range f.r.Documents {
		name := d.Name.in(kk)
		if other := d.Name.in(ru); other != name {
			name += " / " + other
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), name, d.FileName, d.SHA256})
	}
	f.table([]field{{f.word("f5.2.no"), 10}, {f.word("rec.doc_table.name"), 60}, {f.word("f3.file"), 40}, {f.word("f3.digest"), 64}}, rows)
}

package catalog

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// checker cross-checks one decoded declaration and collects every mistake with its line.
type checker struct {
	file     string
	lines    map[string]int
	problems []error
}

func (c *checker) bad(path, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("%s:%d: %s: %s", c.file, lineOf(c.lines, path), path, fmt.Sprintf(format, args...)))
}

var (
	codePattern   = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)
	idPattern     = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	clausePattern = regexp.MustCompile(`^(SF?|R)[0-9A]`)
	knownTypes    = []string{"application/pdf", "image/jpeg", "image/png"}
)

func (c *checker) service(s *Service) {
	c.texts(reflect.ValueOf(s).Elem(), "")
	if !codePattern.MatchString(s.Code) {
		c.bad("code", "%q is not a code", s.Code)
	}
	if s.Version < 1 {
		c.bad("version", "must be 1 or more")
	}
	c.kinds(s.Kinds)
	c.upload(s.Upload)

	classifiers := map[string]bool{}
	for i, k := range s.Classifiers {
		c.unique(classifiers, k.ID, codePattern, fmt.Sprintf("classifiers[%d].id", i))
	}
	c.sections(s, classifiers)
	c.references(s)
}

func (c *checker) kinds(kinds []Kind) {
	if len(kinds) == 0 {
		c.bad("kinds", "nothing can be asked for")
	}
	seen := map[string]bool{}
	for i, k := range kinds {
		at := fmt.Sprintf("kinds[%d]", i)
		c.unique(seen, k.Code, codePattern, at+".code")
		if k.Term.WorkingDays < 1 {
			c.bad(at+".term.workingDays", "must be 1 or more")
		}
		if k.Term.Start != "next_working_day" && k.Term.Start != "filing_day" {
			c.bad(at+".term.start", "unknown start rule %q", k.Term.Start)
		}
		steps := map[string]bool{}
		for j, n := range k.Norms {
			at := fmt.Sprintf("%s.norms[%d]", at, j)
			c.unique(steps, n.Step, codePattern, at+".step")
			if (n.Minutes > 0) == (n.WorkingDays > 0) || n.Minutes < 0 || n.WorkingDays < 0 {
				c.bad(at, "a norm is either minutes or workingDays")
			}
		}
	}
}

func (c *checker) upload(u UploadLimits) {
	if u.MaxFileBytes < 1 || u.MaxTotalBytes < u.MaxFileBytes || u.MaxFiles < 1 || len(u.Types) == 0 {
		c.bad("upload", "limits must be positive, and the total not less than one file")
	}
	for i, t := range u.Types {
		if !slices.Contains(knownTypes, t) {
			c.bad(fmt.Sprintf("upload.types[%d]", i), "type %q is not one that is recognised by content", t)
		}
	}
}

// sections checks sections, their fields and slots; ids are unique over the whole service,
// since answers and files are kept by them.
func (c *checker) sections(s *Service, classifiers map[string]bool) {
	if len(s.Sections) == 0 {
		c.bad("sections", "the form is empty")
	}
	sections, fields, slots := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, sec := range s.Sections {
		at := fmt.Sprintf("sections[%d]", i)
		c.unique(sections, sec.ID, idPattern, at+".id")
		c.applicants(sec.For, at+".for")
		if len(sec.Fields)+len(sec.Slots) == 0 {
			c.bad(at, "the section asks nothing")
		}
		c.fields(sec.Fields, fields, at+".fields", classifiers)
		for j, slot := range sec.Slots {
			at := fmt.Sprintf("%s.slots[%d]", at, j)
			c.unique(slots, slot.ID, idPattern, at+".id")
			c.applicants(slot.For, at+".for")
			if slot.MaxFiles < 1 || slot.MaxFiles > s.Upload.MaxFiles {
				c.bad(at+".maxFiles", "must be from 1 to upload.maxFiles")
			}
			if slot.CoveredBy == nil {
				continue
			}
			if (slot.CoveredBy.Section == "") == (slot.CoveredBy.Register == "") {
				c.bad(at+".coveredBy", "either a section or a register")
			}
			if slot.CoveredBy.Section != "" && slot.Required {
				c.bad(at+".required", "a document that the form covers is not demanded (S9.A2)")
			}
		}
	}
}

// references checks what points from one part of the declaration to another.
func (c *checker) references(s *Service) {
	sections, slots := map[string]bool{}, map[string]bool{}
	for _, sec := range s.Sections {
		sections[sec.ID] = true
		for _, slot := range sec.Slots {
			slots[slot.ID] = true
		}
	}
	for i, sec := range s.Sections {
		for j, slot := range sec.Slots {
			if cov := slot.CoveredBy; cov != nil && cov.Section != "" && !sections[cov.Section] {
				c.bad(fmt.Sprintf("sections[%d].slots[%d].coveredBy.section", i, j), "no section %q", cov.Section)
			}
		}
	}
	for i, d := range s.Card.Documents {
		at := fmt.Sprintf("card.documents[%d]", i)
		c.applicants(d.For, at+".for")
		if d.Slot != "" && !slots[d.Slot] {
			c.bad(at+".slot", "no slot %q", d.Slot)
		}
	}
	seen := map[string]bool{}
	for i, r := range s.Requirements {
		at := fmt.Sprintf("requirements[%d]", i)
		c.unique(seen, r.ID, idPattern, at+".id")
		c.applicants(r.For, at+".for")
		if len(r.Sections) == 0 {
			c.bad(at, "no section shows the evidence")
		}
		for j, id := range r.Sections {
			if !sections[id] {
				c.bad(fmt.Sprintf("%s.sections[%d]", at, j), "no section %q", id)
			}
		}
		for j, id := range r.Slots {
			if !slots[id] {
				c.bad(fmt.Sprintf("%s.slots[%d]", at, j), "no slot %q", id)
			}
		}
	}
}

func (c *checker) unique(seen map[string]bool, id string, pattern *regexp.Regexp, path string) {
	if !pattern.MatchString(id) {
		c.bad(path, "%q is not an identifier", id)
		return
	}
	if seen[id] {
		c.bad(path, "%q is declared twice", id)
	}
	seen[id] = true
}

func (c *checker) applicants(kinds []ApplicantKind, path string) {
	for i, k := range kinds {
		if !slices.Contains(ApplicantKinds, k) {
			c.bad(fmt.Sprintf("%s[%d]", path, i), "unknown kind of applicant %q", k)
		}
		if slices.Contains(kinds[:i], k) {
			c.bad(fmt.Sprintf("%s[%d]", path, i), "%q stands twice", k)
		}
	}
}

// texts walks everything declared: each Text is given in all three languages (one whose JSON tag
// says omitzero may be absent altogether), and each clause looks like one.
func (c *checker) texts(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.texts(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.texts(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if !f.IsExported() || name == "-" {
				continue
			}
			at := joinPath(path, name)
			if t, ok := v.Field(i).Interface().(Text); ok {
				optional := strings.Contains(f.Tag.Get("json"), "omitzero")
				c.text(t, optional, at)
			} else if name == "clause" {
				if !clausePattern.MatchString(v.Field(i).String()) {
					c.bad(at, "%q is not a clause", v.Field(i).String())
				}
			} else {
				c.texts(v.Field(i), at)
			}
		}
	}
}

func (c *checker) text(t Text, optional bool, path string) {
	if optional && t.IsZero() {
		return
	}
	for _, l := range []struct{ lang, text string }{{"kk", t.KK}, {"ru", t.RU}, {"en", t.EN}} {
		if strings.TrimSpace(l.text) == "" {
			c.bad(path, "no text in %s", l.lang)
		}
	}
}

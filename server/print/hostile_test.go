package print_test

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elicensing/server/print"
)

// Texts that people and attackers type into forms (I23). Short ones stand in one text, because each document
// costs the tests a fifth of a second.
var hostile = map[string]string{
	"oddities": strings.Join([]string{
		"Клиника 😀👨‍👩‍👧 𝔘𝔫𝔦", "кинилк\u202eexe.fdp\u2066x\u2069\u200f", "Строка 1\r\nСтрока 2\u2028Строка 3\tи\vтабуляция",
		"a\x00b\x1bc\x7fd\u0085e", "\xff\xfe\xc3(", "Ελληνικά Việt 中文 العربية हिन्दी", "Й" + strings.Repeat("\u0301", 50),
		`) Tj ET Q (\\) <</Type /Catalog>> endobj %%EOF {number} {x.attr}`, `<script>alert(1)</script>&amp;"' ]]> <?xpacket end="w"?>`,
	}, " "),
	"long word": strings.Repeat("Ұ", 1000),
	"long name": strings.Repeat("Қазақстан-Ресей «Денсаулық» ", 36),
	"long gaps": "а" + strings.Repeat(" ", 2000) + "б" + strings.Repeat("-", 400),
}

// fillStrings sets every text of a document, however deep, except what the program itself supplies.
func fillStrings(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		fillStrings(v.Elem(), text)
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "CheckURL", "Code", "Kind", "Start", "AcceptedAt":
				if v.Field(i).Kind() != reflect.Struct {
					continue
				}
			}
			fillStrings(v.Field(i), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fillStrings(v.Index(i), text)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	}
}

var box = regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">`)

// checkInside sees that every word is within its page.
func checkInside(t *testing.T, file string) {
	t.Helper()
	words := box.FindAllStringSubmatch(run(t, "pdftotext", "-bbox", file, "-"), -1)
	if len(words) == 0 {
		t.Error("no words")
	}
	for _, w := range words {
		var at [4]float64
		for i := range at {
			at[i], _ = strconv.ParseFloat(w[i+1], 64)
		}
		if at[0] < 20 || at[1] < 10 || at[2] > 595.28-20 || at[3] > 841.89-10 {
			t.Errorf("a word stands at %v, outside its page", at)
			return
		}
	}
}

func TestHostileTextsArePrintedAsText(t *testing.T) {
	for i, name := range slices.Sorted(maps.Keys(hostile)) {
		text := hostile[name]
		draws := map[string]func() ([]byte, error){
			"licence": func() ([]byte, error) {
				l := licence()
				fillStrings(reflect.ValueOf(&l), text)
				return print.Licence(l)
			},
			"entity": func() ([]byte, error) {
				r := smaller(print.Entity)
				fillStrings(reflect.ValueOf(&r), text)
				return print.Request(r)
			},
			"person": func() ([]byte, error) {
				r := smaller(print.Person)
				fillStrings(reflect.ValueOf(&r), text)
				return print.Request(r)
			},
			"refusal": func() ([]byte, error) {
				l := refusal()
				fillStrings(reflect.ValueOf(&l), text)
				return print.Refusal(l)
			},
			"receipt": func() ([]byte, error) {
				r := receipt()
				fillStrings(reflect.ValueOf(&r), text)
				return print.Receipt(r)
			},
			"payment": func() ([]byte, error) {
				p := payment()
				fillStrings(reflect.ValueOf(&p), text)
				return print.PaymentReceipt(p)
			},
		}
		for j, kind := range slices.Sorted(maps.Keys(draws)) {
			if testing.Short() && (i+j)%3 != 0 {
				continue
			}
			draw := draws[kind]
			t.Run(name+" in "+kind, func(t *testing.T) {
				t.Parallel()
				pdf, err := draw()
				file := save(t, pdf, err)
				checkInside(t, file)
				if name != "oddities" {
					return
				}
				if said := run(t, "qpdf", "--check", file); strings.Contains(said, "WARNING") {
					t.Errorf("qpdf: %s", said)
				}
			})
		}
	}
}

// smaller is a request with few rows: long texts make it long enough.
func smaller(kind print.ApplicantKind) print.RequestForm {
	r := request(kind)
	r.Equipment, r.Staff = r.Equipment[:2], r.Staff[:2]
	return r
}

func TestWhatCannotBePrintedIsShownAsSuch(t *testing.T) {
	l := licence()
	l.Holder.Name = print.Same("Клиника 😀 \u202eexe Ελληνικά \xff")
	pdf, err := print.Licence(l)
	text := textOf(t, save(t, pdf, err))
	if !strings.Contains(text, "Клиника \ufffd \ufffdexe Ελληνικά \ufffd") {
		t.Errorf("the name is not shown with its unprintable characters replaced: %.300s", text)
	}
}

func TestLongNamesAreKeptWhole(t *testing.T) {
	name := strings.TrimSpace(hostile["long name"])
	// pdftotext drops the hyphens at which lines end.
	squeeze := func(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "-", "") }
	l := licence()
	l.Holder.Name = print.Text{KK: name, RU: "ТОО «Тест»"}
	pdf, err := print.Licence(l)
	file := save(t, pdf, err)
	// The two columns alternate line by line; the left one alone is cut out by its place.
	column := run(t, "pdftotext", "-x", "0", "-y", "0", "-W", "297", "-H", "842", file, "-")
	if !strings.Contains(squeeze(column), squeeze(name)) {
		t.Error("the name is not whole")
	}
	for _, part := range []string{"ЭЦҚ-мен қол қойылды", "Берілген орны"} {
		if !strings.Contains(column, part) {
			t.Errorf("%q is lost", part)
		}
	}
}

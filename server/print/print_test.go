package print_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"elicensing/server/print"
)

func TestDocumentsAreGoodForOtherPrograms(t *testing.T) {
	for name, draw := range drawn {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pdf, err := draw()
			file := save(t, pdf, err)
			if said := run(t, "qpdf", "--check", file); strings.Contains(said, "WARNING") || !strings.Contains(said, "No syntax or stream encoding errors") {
				t.Errorf("qpdf: %s", said)
			}
			fonts := strings.Split(strings.TrimSpace(run(t, "pdffonts", file)), "\n")[2:]
			embedded := regexp.MustCompile(`Identity-H\s+yes\s+\S+\s+yes`)
			for _, f := range fonts {
				if !embedded.MatchString(f) {
					t.Errorf("font is not embedded with its characters: %s", f)
				}
			}
			if len(fonts) < 2 {
				t.Error("fonts are missing")
			}
			if info := run(t, "pdfinfo", file); !strings.Contains(info, "Title:") || !strings.Contains(info, "PDF version:     1.7") ||
				!strings.Contains(info, "E-licensing portal") || !strings.Contains(info, "595.28 x 841.89") {
				t.Errorf("pdfinfo: %s", info)
			}
		})
	}
}

// What can be shown without a validator of PDF/A (ISO 19005-2).
func TestDocumentsAreMadeInTheMannerOfPDFA(t *testing.T) {
	for name, draw := range drawn {
		pdf, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>", "/GTS_PDFA1", "/Metadata ", "/Lang (kk-KZ)", "/CIDToGIDMap"} {
			if !bytes.Contains(pdf, []byte(want)) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		if !regexp.MustCompile(`/ID \[<([0-9a-f]{32})> <([0-9a-f]{32})>\]`).Match(pdf) || bytes.Contains(pdf, []byte("/Encrypt")) {
			t.Errorf("%s: identifier", name)
		}
		if !bytes.HasSuffix(pdf, []byte("%%EOF\n")) || bytes.Count(pdf, []byte("%%EOF")) != 1 || pdf[9] != '%' || pdf[10] < 128 {
			t.Errorf("%s: head or end of the file", name)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	for name, draw := range drawings {
		a, errA := draw()
		b, errB := drawn[name]()
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs from itself: %v %v", name, errA, errB)
		}
	}
}

func TestLicenceSaysWhatTheLawAsks(t *testing.T) {
	pdf, err := print.Licence(licence())
	file := save(t, pdf, err)
	text := textOf(t, file)
	for _, want := range []string{"KZ80DEM00000418", "2026 жылғы 18 желтоқсан", "18 декабря 2026 года", "Алғаш берілген күні", "«Тест Клиника» ЖШС, БСН 123456789021",
		"ТОО «Тест Клиника», БИН 123456789021", "Иеліктен шығарылмайтын, 1-сынып", "Неотчуждаемая, класс 1", "Солтүстік Қазақстан облысы әкімдігінің денсаулық сақтау басқармасы",
		"Басшы (уәкілетті тұлға)", "Тестов Б. Т.", "ЛИЦЕНЗИЯҒА ҚОСЫМША", "№ 001", "Ультрадыбыстық диагностика", "приказ от 18 декабря 2026 года № 412",
		"ЭЦҚ-мен қол қойылды", "18.12.2026, 11:42 (UTC+5)", "М. О. / М. П.", "portal.example", "ДЕМО"} {
		if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), want) {
			t.Errorf("the licence does not say %q", want)
		}
	}
	address := "https://portal.example/check/KZ80DEM00000418"
	if got := codes(t, file); !slices.Equal(got, []string{address, address}) {
		t.Errorf("QR codes say %q", got)
	}
}

func TestDemoMarkOnlyInDemo(t *testing.T) {
	real, form, letter, slip, paid := licence(), request(print.Person), refusal(), receipt(), payment()
	real.Demo, form.Demo, letter.Demo, slip.Demo, paid.Demo = false, false, false, false, false
	for name, draw := range map[string]func() ([]byte, error){
		"licence": func() ([]byte, error) { return print.Licence(real) },
		"request": func() ([]byte, error) { return print.Request(form) },
		"refusal": func() ([]byte, error) { return print.Refusal(letter) },
		"receipt": func() ([]byte, error) { return print.Receipt(slip) },
		"payment": func() ([]byte, error) { return print.PaymentReceipt(paid) },
	} {
		pdf, err := draw()
		if text := textOf(t, save(t, pdf, err)); strings.Contains(text, "ДЕМО") || strings.Contains(text, "құжат емес") {
			t.Errorf("%s calls itself a demo", name)
		}
	}
	for name, draw := range drawn {
		if name == "empty request" {
			continue
		}
		pdf, err := draw()
		file := save(t, pdf, err)
		pages := strings.Count(run(t, "pdftotext", file, "-"), "\f")
		if marks := strings.Count(textOf(t, file), "ДЕМО"); marks != pages {
			t.Errorf("%s: %d marks on %d pages", name, marks, pages)
		}
	}
}

// Forms 4 and 5 of a legal entity (SF4, SF5.3), and forms 3 and 5 of a natural person (SF3, SF5.6).
func TestRequestHoldsTheFormsAndRepeatsTableHeads(t *testing.T) {
	pdf, err := print.Request(request(print.Entity))
	file := save(t, pdf, err)
	text := textOf(t, file)
	for _, want := range []string{"заңды тұлғаның өтініші", "Заявление юридического лица", "Приложение 4 к Стандарту", "Приложение 5 к Стандарту", "Банковский счёт",
		"3. Медициналық ұйымдардың", "по состоянию на 20 ноября 2026 года", "2026 жылғы 20 қарашадағы жағдай бойынша", "жұмыс істемейді / не рабочее",
		"dogovor-arendy.pdf", "20.05.2028", "ТЕСТОВ БАҚЫТ ТЕСТҰЛЫ"} {
		if !strings.Contains(text, want) {
			t.Errorf("the request does not say %q", want)
		}
	}
	if strings.Contains(text, "Трудовая деятельность") {
		t.Error("the work record is for natural persons (SF5.6)")
	}
	pages := strings.Split(run(t, "pdftotext", "-layout", file, "-"), "\f")
	for i, page := range pages {
		if strings.Contains(page, "Аппарат ультразвуковой") && !strings.Contains(page, "Өндіруші ел") {
			t.Errorf("page %d goes on with the table without its head", i+1)
		}
	}
	person, err := print.Request(request(print.Person))
	text = textOf(t, save(t, person, err))
	if !strings.Contains(text, "Трудовая деятельность") || strings.Contains(text, "Сведения о медицинских работниках") || !strings.Contains(text, "9 жыл / 9 лет") {
		t.Error("a natural person's form has the work record and no staff (SF5.3, SF5.6)")
	}
}

func TestRefusalGivesEachGroundWithItsReason(t *testing.T) {
	for _, code := range []string{"S10.1", "S10.2", "S10.3", "S10.4", "S10.5", "S10.6", "S10.7"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			l := refusal()
			l.Grounds = []print.Ground{{Code: code, Reason: print.Text{KK: "қазақша себебі", RU: "причина по-русски"}, Basis: print.Same("БАЗИС"), Requirement: print.Same("ТАЛАП"),
				Amount: print.Same("43 250 ₸"), Deadline: time.Date(2026, 11, 30, 0, 0, 0, 0, zone)}}
			pdf, err := print.Refusal(l)
			text := textOf(t, save(t, pdf, err))
			point := strings.TrimPrefix(code, "S10.")
			for _, want := range []string{"10-тармағының " + point + ") тармақшасы", "Подпункт " + point + ") пункта 10", "қазақша себебі", "причина по-русски",
				"үш ай ішінде", "в течение трёх месяцев", "Заявление от 26 ноября 2026 года № 1207", "2026 жылғы 26 қарашадағы № 1207 өтініш", "мынадай негіз бойынша"} {
				if !strings.Contains(text, want) {
					t.Errorf("the letter does not say %q", want)
				}
			}
			if strings.Contains(text, "10-тармағының "+point+") тармақшасы") && strings.Contains(text, "1. Стандарттың") {
				t.Error("a single ground needs no number")
			}
		})
	}
	pdf, err := print.Refusal(refusal())
	file := save(t, pdf, err)
	if text := textOf(t, file); !strings.Contains(text, "1. Стандарттың") || !strings.Contains(text, "мынадай негіздер бойынша") {
		t.Error("two grounds are numbered")
	}
	if got := codes(t, file); len(got) != 2 || got[0] != "https://portal.example/check" {
		t.Errorf("QR codes say %q", got)
	}
}

func TestReceiptsSayWhenAndHowMuch(t *testing.T) {
	for rule, want := range map[print.StartRule]string{
		print.StartNextWorkingDay: "следующего за днём подачи", print.StartFilingDay: "начинается со дня подачи", print.StartAfterReception: "не входит в срок",
	} {
		r := receipt()
		r.Start = rule
		pdf, err := print.Receipt(r)
		text := textOf(t, save(t, pdf, err))
		for _, w := range []string{want, "13-2026-000418", "2026 жылғы 26 қараша, 10:05", "2026 жылғы 18 желтоқсан, 17:30", "27 ноября 2026 года", "28.11.2026–29.11.2026 (выходные)", "15 жұмыс күні"} {
			if !strings.Contains(text, w) {
				t.Errorf("rule %s: the receipt does not say %q", rule, w)
			}
		}
	}
	pdf, err := print.PaymentReceipt(payment())
	text := strings.ReplaceAll(textOf(t, save(t, pdf, err)), "\u00a0", " ")
	for _, want := range []string{"43 250 ₸", "10 АЕК × 4 325 ₸ = 43 250 ₸", "105402", "911", "4801", "PG-0000-1234", "10:04"} {
		if !strings.Contains(text, want) {
			t.Errorf("the payment receipt does not say %q", want)
		}
	}
}

// What would need a few lines of a second page stands on one; a longer list goes on over pages, and loses nothing.
func TestAReceiptDoesNotSpillOver(t *testing.T) {
	for scans, want := range map[int]int{0: 1, 1: 1, 2: 1, 12: 2} {
		r := receipt()
		r.CheckURL = ""
		r.Contacts = append(r.Contacts, "+7 701 000 00 02")
		for n := range 3 {
			saturday := r.Skipped[0].First.AddDate(0, 0, 7*(n+1))
			r.Skipped = append(r.Skipped, print.SkippedDays{First: saturday, Last: saturday.AddDate(0, 0, 1), Why: r.Skipped[0].Why})
		}
		r.Documents = r.Documents[:1]
		for n := range scans {
			name := print.Text{KK: "Үй-жайға құқықты растайтын құжат немесе жалдау шарты", RU: "Документ о праве на помещение или договор аренды"}
			r.Documents = append(r.Documents, print.ReceiptDocument{Name: name, FileName: fmt.Sprintf("scan-%d.pdf", n+1)})
		}
		pdf, err := print.Receipt(r)
		file := save(t, pdf, err)
		text := textOf(t, file)
		if last := fmt.Sprintf("страница %d из %d", want, want); !strings.Contains(text, last) {
			t.Errorf("%d scans: the receipt does not end with %q", scans, last)
		}
		for n := range scans {
			if !strings.Contains(text, fmt.Sprintf("scan-%d.pdf", n+1)) {
				t.Errorf("%d scans: no %d is missing", scans, n+1)
			}
		}
		if weekends := "28.11.2026–29.11.2026, 05.12.2026–06.12.2026,"; !strings.Contains(text, weekends) || strings.Count(text, "(выходные)") != 1 {
			t.Errorf("%d scans: the weekends are not told together", scans)
		}
	}
}

// A moment is printed in the time of Kazakhstan, whatever zone it is stored in.
func TestMomentsArePrintedInUTC5(t *testing.T) {
	r := receipt()
	r.AcceptedAt = time.Date(2026, 12, 31, 20, 30, 0, 0, time.UTC)
	pdf, err := print.Receipt(r)
	if text := textOf(t, save(t, pdf, err)); !strings.Contains(text, "2027 жылғы 1 қаңтар, 01:30") || !strings.Contains(text, "1 января 2027 года, 01:30") {
		t.Error("20:30 UTC on 31 December is 01:30 on 1 January")
	}
}

func TestIncompleteDocumentsAreRefused(t *testing.T) {
	for name, draw := range map[string]func() ([]byte, error){
		"licence without number":  func() ([]byte, error) { l := licence(); l.Number = ""; return print.Licence(l) },
		"licence without holder":  func() ([]byte, error) { l := licence(); l.Holder.Name = print.Text{}; return print.Licence(l) },
		"licence without date":    func() ([]byte, error) { l := licence(); l.IssuedOn = time.Time{}; return print.Licence(l) },
		"licence without address": func() ([]byte, error) { l := licence(); l.CheckURL = ""; return print.Licence(l) },
		"refusal without ground":  func() ([]byte, error) { l := refusal(); l.Grounds = nil; return print.Refusal(l) },
		"refusal without reason":  func() ([]byte, error) { l := refusal(); l.Grounds[0].Reason = print.Text{}; return print.Refusal(l) },
		"refusal of blanks": func() ([]byte, error) {
			l := refusal()
			l.Grounds[0].Reason = print.Same(" \n ")
			return print.Refusal(l)
		},
		"refusal by no ground":   func() ([]byte, error) { l := refusal(); l.Grounds[0].Code = "S10.8"; return print.Refusal(l) },
		"refusal without number": func() ([]byte, error) { l := refusal(); l.OutNumber = ""; return print.Refusal(l) },
		"request of nobody": func() ([]byte, error) {
			r := request(print.Person)
			r.Applicant.Name = print.Text{}
			return print.Request(r)
		},
		"annex without its order": func() ([]byte, error) {
			l := licence()
			l.Annexes[0].Basis = print.Text{}
			return print.Licence(l)
		},
		"request to nobody":      func() ([]byte, error) { r := request(print.Person); r.Licensor = print.Text{}; return print.Request(r) },
		"receipt without number": func() ([]byte, error) { r := receipt(); r.Number = ""; return print.Receipt(r) },
		"receipt without day":    func() ([]byte, error) { r := receipt(); r.DueAt = time.Time{}; return print.Receipt(r) },
		"payment of nothing":     func() ([]byte, error) { p := payment(); p.AmountTiyn = 0; return print.PaymentReceipt(p) },
		"payment without moment": func() ([]byte, error) { p := payment(); p.PaidAt = time.Time{}; return print.PaymentReceipt(p) },
	} {
		if pdf, err := draw(); !errors.Is(err, print.ErrIncomplete) || pdf != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

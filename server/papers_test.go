package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// What the papers of an application say, read by another program, is what a reader can act on.

// The receipt names the day on which what came outside working hours is registered: before nine it is the same day (S8.4).
func TestTheReceiptNamesTheDayOfRegistration(t *testing.T) {
	t.Parallel()
	for filed, want := range map[string]string{
		"2026-03-27T03:02:00+05:00": "Документы поданы вне рабочего времени. День регистрации: 27 марта 2026 года",
		"2026-03-27T19:00:00+05:00": "Документы поданы вне рабочего времени. День регистрации: 30 марта 2026 года",
		"2026-03-28T11:00:00+05:00": "Құжаттар жұмыс уақытынан тыс берілді. Тіркелетін күні: 2026 жылғы 30 наурыз",
		"2026-03-27T10:00:00+05:00": "",
	} {
		at, err := time.Parse(time.RFC3339, filed)
		if err != nil {
			t.Fatal(err)
		}
		p := servertest.New(t)
		p.Clock.Set(at)
		applicant, a := p.Filed(catalog.Person)
		text := paper(t, applicant, a.ID, "receipt.pdf")
		if want == "" && strings.Contains(text, "вне рабочего времени") || !strings.Contains(text, want) {
			t.Errorf("filed at %s, want %q:\n%s", filed, want, text)
		}
	}
}

// A refusal is no licence: the public register does not know its number, so it tells of the way in which it can be checked. Neither does it promise a
// complaint from the cabinet, which takes none yet.
func TestTheRefusalTellsHowToCheckItAndHowToComplain(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("refused")
	text := paper(t, applicant, id, "result.pdf")
	for _, want := range []string{"Подлинность проверяется по файлу этого письма: ", "Түпнұсқалығы осы хаттың файлы бойынша тексеріледі: ", "/check",
		"Вы можете подать жалобу по почте либо нарочно через канцелярию услугодателя."} {
		if !strings.Contains(text, want) {
			t.Errorf("the refusal does not say %q:\n%s", want, text)
		}
	}
}

// However the number of a lease was typed or pasted, the request names it once as a number, and with its date.
func TestTheRequestNamesTheLease(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	revision := a.Revision
	for typed, want := range map[string]string{"12": "№ 12, 12.01.2026", "№12/а": "№ 12/а, 12.01.2026", "\u00a0№ 7 ": "№ 7, 12.01.2026"} {
		answers := servertest.Answers(catalog.Person)
		answers["premises"].([]any)[0].(map[string]any)["leaseNumber"] = typed
		applicant.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": revision, "answers": answers}).Expect(http.StatusOK)
		revision++
		pdf := applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/request-draft.pdf", nil).Expect(http.StatusOK).Body
		text := said(t, "request-draft.pdf", pdf)
		if !strings.Contains(text, want) || strings.Contains(text, "№ "+want) {
			t.Errorf("%q, want %q:\n%s", typed, want, text)
		}
	}
}

// paper is the text of a file of an application, on one line.
func paper(t *testing.T, reader *servertest.Client, id, file string) string {
	t.Helper()
	return said(t, file, reader.Do(http.MethodGet, "/api/applications/"+id+"/files/"+file, nil).Expect(http.StatusOK).Body)
}

// said is the text of a PDF, on one line.
func said(t *testing.T, file string, pdf []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", "-enc", "UTF-8", write(t, file, pdf), "-")), " ")
}

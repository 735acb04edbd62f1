package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

// One name stands under several headings of the classifier, so without its heading nobody could tell what a document allows or refuses.
func TestNamesakesAreToldApart(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, head := p.SignInAs("person"), p.SignInAs("head")
	kk := []string{"Медициналық-санитариялық алғашқы көмек: терапия", "Жедел медициналық көмек, көшпелі", "Консультациялық-диагностикалық көмек: терапия", "Стационарлық көмек: терапия"}
	ru := []string{"Первичная медико-санитарная помощь: терапия", "Скорая медицинская помощь, выездная", "Консультативно-диагностическая помощь: терапия", "Стационарная помощь: терапия"}
	inReview := func() (id string, executor *servertest.Client) {
		t.Helper()
		a := applicant.Draft(catalog.Person)
		answers := servertest.Answers(catalog.Person)
		answers["subActivities"] = []string{"IN-THER", "CD-THER", "PHC-THER", "EMS-AMB"}
		applicant.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": answers}).Expect(http.StatusOK)
		applicant.SignRequest(a.ID)
		applicant.Pay(a.ID, "card", "succeeds")
		p.Notify()
		executor = p.InReview(a.ID)
		executor.MarkAll(a.ID, "yes")
		return a.ID, executor
	}
	says := func(id, file string) {
		t.Helper()
		text := paper(t, applicant, id, file)
		for _, name := range slices.Concat(kk, ru) {
			if !strings.Contains(text, name) {
				t.Errorf("%s does not say %q:\n%s", file, name, text)
			}
		}
	}
	id, executor := inReview()
	says(id, "request.pdf")
	executor.Act(id, "prepare-refusal", servertest.Refusal())
	head.SignResult(id)
	says(id, "result.pdf")

	id, executor = inReview()
	executor.Act(id, "prepare-licence", nil)
	number := head.SignResult(id).Result.LicenceNumber
	says(id, "result.pdf")
	tells := func(want []catalog.Text) {
		t.Helper()
		var public struct{ SubActivities []catalog.Text }
		p.Anonymous().Do(http.MethodGet, "/api/licences/"+number, nil).Expect(http.StatusOK).JSON(&public)
		var own struct {
			Licences []struct{ SubActivities []catalog.Text }
		}
		applicant.Do(http.MethodGet, "/api/licences", nil).Expect(http.StatusOK).JSON(&own)
		for _, told := range [][]catalog.Text{public.SubActivities, own.Licences[0].SubActivities} {
			if !slices.EqualFunc(told, want, func(a, b catalog.Text) bool { return a.KK == b.KK && a.RU == b.RU }) {
				t.Errorf("the register says %v, want %v", told, want)
			}
		}
	}
	var full []catalog.Text
	for i := range ru {
		full = append(full, catalog.Text{KK: kk[i], RU: ru[i]})
	}
	tells(full)

	// An entry from before the headings says what its signed document says (I17).
	if err := dbtest.Unguarded(t, p.DB).Exec("UPDATE licences SET sub_activities = (SELECT jsonb_agg(x - 'fullName') FROM jsonb_array_elements(sub_activities) x)").Error; err != nil {
		t.Fatal(err)
	}
	tells([]catalog.Text{{KK: "Терапия", RU: "Терапия"}, {KK: kk[1], RU: ru[1]}, {KK: "Терапия", RU: "Терапия"}, {KK: "Терапия", RU: "Терапия"}})
}

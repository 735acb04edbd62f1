package server_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"elicensing/server/application"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// I36: what is shown is what is. Random walks over the process press whatever is offered, so whatever is offered works; after each press the
// cabinet and its list, the file and the queue of the authority, the journal, the process table and the register tell the same.
func TestEveryViewTellsTheSame(t *testing.T) {
	walks := uint64(12) // enough to come to every state
	if testing.Short() {
		walks = 2
	}
	seen := map[string]bool{}
	for seed := range walks {
		w := walk{Portal: servertest.New(t), t: t, dice: rand.New(rand.NewPCG(seed, 36)), seen: seen}
		w.run()
	}
	for _, state := range application.States {
		if !seen[string(state)] && !testing.Short() {
			t.Errorf("no walk came to %s", state)
		}
	}
}

// walk is one application on its way through the process.
type walk struct {
	*servertest.Portal
	t    *testing.T
	dice *rand.Rand
	seen map[string]bool

	id        string
	applicant *servertest.Client
	officials map[string]*servertest.Client // by their ids
}

func (w *walk) run() {
	w.t.Helper()
	w.applicant = w.SignInAs("person")
	w.officials = map[string]*servertest.Client{}
	for _, id := range []string{"chancery", "head", "executor-1", "executor-2"} {
		w.officials[id] = w.SignInAs(id)
	}
	w.id = w.applicant.Draft(catalog.Person).ID
	state := application.Draft
	w.compare(state)
	for pressed := 0; pressed < 40 && !state.Final(); pressed++ {
		who, action := w.choose(state)
		if action == application.PrepareLicence {
			who.MarkAll(w.id, "yes")
		}
		if action == application.Pay {
			who.Pay(w.id, "card", "succeeds")
			w.Notify()
			action = application.File
		} else if r := w.press(who, action); r.Status != http.StatusOK {
			w.t.Fatalf("%s in %s is offered and refused: %d %s", action, state, r.Status, r.Body)
		}
		before := state
		state = w.state()
		if !slices.ContainsFunc(application.Process, func(s application.Step) bool { return s.Action == action && s.From == before && s.To == state }) {
			w.t.Fatalf("%s led from %s to %s, which is no row of the process", action, before, state)
		}
		w.compare(state)
	}
}

func (w *walk) press(who *servertest.Client, action application.Action) *servertest.Response {
	w.t.Helper()
	if action != application.Reassign {
		return presses[action](w.Portal, who, w.id)
	}
	other := "executor-1"
	if who.Read(w.id).Executor.ID == w.ExecutorID(other) {
		other = "executor-2"
	}
	return post("reassign", map[string]any{"executorId": w.ExecutorID(other), "resolution": "Исполнитель болен"})(w.Portal, who, w.id)
}

func (w *walk) state() (state application.State) {
	w.t.Helper()
	if err := w.DB.Raw("SELECT state FROM applications WHERE id = ?", w.id).Scan(&state).Error; err != nil {
		w.t.Fatal(err)
	}
	return state
}

// choose picks one of all buttons that somebody could press now.
func (w *walk) choose(state application.State) (*servertest.Client, application.Action) {
	w.t.Helper()
	type button struct {
		who    *servertest.Client
		action application.Action
	}
	var buttons []button
	add := func(who *servertest.Client) {
		for _, offer := range who.Read(w.id).Actions {
			action := application.Action(offer.Name)
			if action == application.Discard || offer.Blocked != "" && action != application.PrepareLicence {
				continue
			}
			// Taking it back ends the walk, so it is for the few.
			if action == application.Withdraw && w.dice.IntN(8) > 0 {
				continue
			}
			buttons = append(buttons, button{who, action})
		}
	}
	add(w.applicant)
	if state != application.Draft && state != application.AwaitingPayment {
		for _, id := range []string{"chancery", "head", "executor-1", "executor-2"} {
			add(w.officials[id])
		}
	}
	if len(buttons) == 0 {
		w.t.Fatalf("nobody is offered anything in %s", state)
	}
	chosen := buttons[w.dice.IntN(len(buttons))]
	return chosen.who, chosen.action
}

// shownToApplicant: a decision that waits for its signature is not known to him, a refusal for incompleteness not even to be waiting.
func (w *walk) shownToApplicant(state application.State) string {
	switch state {
	case application.LicencePrepared:
		return "decision_prepared"
	case application.RefusalPrepared:
		if w.Count("SELECT count(*) FROM applications WHERE id = ? AND completeness_confirmed_at IS NULL", w.id) == 1 {
			return string(application.Assigned)
		}
		return "decision_prepared"
	}
	return string(state)
}

func (w *walk) compare(state application.State) {
	w.t.Helper()
	w.seen[string(state)] = true
	mine := w.object(w.applicant, "/api/applications/"+w.id)
	if shown := w.shownToApplicant(state); mine["state"] != shown {
		w.t.Errorf("%s: the cabinet says %v, want %s", state, mine["state"], shown)
	}
	listed := w.listed(w.applicant, "/api/applications")
	w.same(state, "the cabinet's list", listed, mine, "state", "updatedAt")
	if invoice, _ := mine["invoice"].(map[string]any); (listed["paymentUnderWay"] == true) != (state == application.AwaitingPayment && invoice["paymentState"] == "pending") {
		w.t.Errorf("%s: the list says that a payment is under way: %v, the invoice %v", state, listed["paymentUnderWay"], invoice["paymentState"])
	}
	w.register(state, mine)
	head := w.officials["head"]
	if state == application.Draft || state == application.AwaitingPayment {
		head.Do(http.MethodGet, "/api/applications/"+w.id, nil).ExpectProblem(http.StatusNotFound, "not_found")
		return
	}
	file := w.object(head, "/api/applications/"+w.id)
	if file["state"] != string(state) {
		w.t.Errorf("%s: the file says %v", state, file["state"])
	}
	for _, field := range []string{"number", "filedAt", "dueAt", "incomingNumber"} {
		if file[field] != mine[field] {
			w.t.Errorf("%s: %s is %v to the authority, %v to the applicant", state, field, file[field], mine[field])
		}
	}
	show := "all"
	if state.Final() {
		show = "done"
	}
	item := w.listed(head, "/api/authority/queue?show="+show)
	w.same(state, "the queue", item, file, "state", "number", "filedAt", "dueAt")
	if executor, ok := file["executor"].(map[string]any); ok && item["executorName"] != executor["name"] {
		w.t.Errorf("%s: %v has it in the queue, %v in the file", state, item["executorName"], executor["name"])
	}
	w.journal(state, head)
}

// journal: the last event that changed the state is one that leads to the state.
func (w *walk) journal(state application.State, head *servertest.Client) {
	w.t.Helper()
	var page struct{ Events []struct{ Action string } }
	head.Do(http.MethodGet, "/api/applications/"+w.id+"/journal", nil).Expect(http.StatusOK).JSON(&page)
	slices.Reverse(page.Events) // they come oldest first
	for _, e := range page.Events {
		rows := slices.DeleteFunc(slices.Clone(application.Process), func(s application.Step) bool { return string(s.Action) != e.Action })
		if slices.ContainsFunc(rows, func(s application.Step) bool { return s.To == state }) {
			return
		}
		if slices.ContainsFunc(rows, func(s application.Step) bool { return s.To != s.From }) {
			w.t.Errorf("%s: the journal ends with %s", state, e.Action)
			return
		}
	}
	w.t.Errorf("%s: the journal tells of no way to it: %v", state, page.Events)
}

// register: a licence is in the cabinet, in the list of licences and in the public register, or in none of them.
func (w *walk) register(state application.State, mine map[string]any) {
	w.t.Helper()
	var own struct {
		Licences []struct{ Number, ApplicationID, Status string }
	}
	w.applicant.Do(http.MethodGet, "/api/licences", nil).Expect(http.StatusOK).JSON(&own)
	result, _ := mine["result"].(map[string]any)
	if state != application.Issued {
		if len(own.Licences) != 0 || result["licenceNumber"] != nil || w.Count("SELECT count(*) FROM licences") != 0 {
			w.t.Errorf("%s: there is a licence: %v, %v", state, own.Licences, result)
		}
		return
	}
	number, _ := result["licenceNumber"].(string)
	if len(own.Licences) != 1 || own.Licences[0].Number != number || own.Licences[0].ApplicationID != w.id {
		w.t.Fatalf("the cabinet says %q, the list of licences %v", number, own.Licences)
	}
	var public struct{ Number, Status string }
	w.Anonymous().Do(http.MethodGet, "/api/licences/"+number, nil).Expect(http.StatusOK).JSON(&public)
	if public.Number != number || public.Status != own.Licences[0].Status {
		w.t.Errorf("the register says %+v, the cabinet %+v", public, own.Licences[0])
	}
}

func (w *walk) object(c *servertest.Client, path string) (out map[string]any) {
	w.t.Helper()
	c.Do(http.MethodGet, path, nil).Expect(http.StatusOK).JSON(&out)
	return out
}

// listed is the application's entry in a list that holds it once.
func (w *walk) listed(c *servertest.Client, path string) (found map[string]any) {
	w.t.Helper()
	var list struct{ Applications, Items []map[string]any }
	c.Do(http.MethodGet, path, nil).Expect(http.StatusOK).JSON(&list)
	for _, item := range append(list.Applications, list.Items...) {
		if item["id"] == w.id {
			if found != nil {
				w.t.Errorf("%s holds it twice", path)
			}
			found = item
		}
	}
	if found == nil {
		w.t.Fatalf("%s does not hold it", path)
	}
	return found
}

// same compares whatever a list tells with the whole application; those that are named have to be in both.
func (w *walk) same(state application.State, where string, item, whole map[string]any, needed ...string) {
	w.t.Helper()
	for field, told := range item {
		if known, ok := whole[field]; ok && !reflect.DeepEqual(told, known) {
			w.t.Errorf("%s: %s says %s %s, the application %s", state, where, field, text(told), text(known))
		}
	}
	for _, field := range needed {
		if item[field] == nil || whole[field] == nil {
			w.t.Errorf("%s: no %s in %s: %v, %v", state, field, where, item[field], whole[field])
		}
	}
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

package mockgateway

import (
	"bytes"
	"net/http"
	"strconv"
)

// toggles are the switches of the page in their order, each with its text "board.<name>".
var toggles = []struct {
	name string
	of   func(f *Faults) *bool
}{
	{"double", func(f *Faults) *bool { return &f.Double }},
	{"reorder", func(f *Faults) *bool { return &f.Reorder }},
	{"drop", func(f *Faults) *bool { return &f.Drop }},
	{"forge", func(f *Faults) *bool { return &f.Forge }},
	{"fail_after_taking", func(f *Faults) *bool { return &f.FailAfterTaking }},
	{"wrong_amount", func(f *Faults) *bool { return &f.WrongAmount }},
	{"silent", func(f *Faults) *bool { return &f.Silent }},
	{"next_key", func(f *Faults) *bool { return &f.NextKey }},
}

type boardSwitch struct {
	Name, Text string
	On         bool
}

type boardView struct {
	Lang      string
	Languages []string
	Text      map[string]string
	Delay     int
	Switches  []boardSwitch
	Saved     bool
}

// showSwitchboard shows the faults as a page. It is there only where the configuration says so.
func (g *Gateway) showSwitchboard(w http.ResponseWriter, r *http.Request) {
	if !g.config.Switchboard {
		g.notFound(w, r)
		return
	}
	g.drawSwitchboard(w, r, http.StatusOK, false)
}

func (g *Gateway) takeSwitches(w http.ResponseWriter, r *http.Request) {
	if !g.config.Switchboard {
		g.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		g.drawSwitchboard(w, r, http.StatusBadRequest, false)
		return
	}
	faults := Faults{Report: g.Faults().Report}
	for _, t := range toggles {
		*t.of(&faults) = r.PostForm.Get(t.name) == "on"
	}
	delay, err := strconv.Atoi(r.PostForm.Get("delay"))
	faults.DelaySeconds = delay
	if err != nil || !faults.valid() {
		g.drawSwitchboard(w, r, http.StatusUnprocessableEntity, false)
		return
	}
	g.Switch(faults)
	g.drawSwitchboard(w, r, http.StatusOK, true)
}

func (g *Gateway) drawSwitchboard(w http.ResponseWriter, r *http.Request, status int, saved bool) {
	lang, faults := language(r), g.Faults()
	v := boardView{Lang: lang, Languages: languages, Text: g.pages.texts[lang], Delay: faults.DelaySeconds, Saved: saved}
	for _, t := range toggles {
		v.Switches = append(v.Switches, boardSwitch{Name: t.name, Text: v.Text["board."+t.name], On: *t.of(&faults)})
	}
	var page bytes.Buffer
	if err := g.pages.board.Execute(&page, v); err != nil {
		g.fail(w, err)
		return
	}
	g.protect(w, payment{})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // a reader that went away asks again
}

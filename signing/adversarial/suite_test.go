package adversarial_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
)

// verdict is what a case must end with.
type verdict struct {
	outcome signing.Outcome
	sub     string
	reason  signing.Reason
}

var passed = verdict{outcome: signing.TotalPassed}

// defect spoils one thing of a good scene.
type defect struct {
	name   string
	apply  func(*scene)
	want   verdict
	twin   func(*scene) // the same without the defect; nil: the good message
	also   func(testing.TB, signing.Report)
	bytes  func() []byte // instead of a message: these bytes
	forms  func(form) bool
	noTwin bool // the case itself is its good twin
}

// attackCase is a row of the list, by its id there. Most have one defect; all must hold.
type attackCase struct {
	id, name string
	defects  []defect
}

var forms = []form{{"RSA-2048", false}, {"RSA-2048", true}, {"P-256", false}, {"P-256", true}}

func attachedOnly(f form) bool { return f.attached }
func detachedOnly(f form) bool { return !f.attached }
func rsaOnly(f form) bool      { return f.key == "RSA-2048" }
func ecdsaOnly(f form) bool    { return f.key == "P-256" }

// play runs cases: each defect in each form, alone and from 16 goroutines, with its good twin.
func play(t *testing.T, cases []attackCase) {
	for _, c := range cases {
		t.Run(c.id+"-"+c.name, func(t *testing.T) {
			accepted := false
			for _, d := range c.defects {
				for _, f := range forms {
					if d.forms == nil || d.forms(f) {
						accepted = d.play(t, f) || accepted
					}
				}
			}
			record(c.id, !t.Failed(), accepted)
		})
	}
}

// play tells whether a defect was accepted that must not be.
func (d defect) play(t *testing.T, f form) (wrongAccept bool) {
	t.Helper()
	good := newScene(t, f)
	if d.twin != nil {
		d.twin(good)
	}
	if !d.noTwin {
		good.expect("good twin of "+d.name, passed, nil, good.bytes(), 16)
	}
	spoiled := newScene(t, f)
	if d.apply != nil {
		d.apply(spoiled)
	}
	var message []byte
	if d.bytes != nil {
		message = d.bytes()
	} else if message = spoiled.bytes(); string(message) != string(spoiled.bytes()) {
		t.Errorf("%s, %s: the message is not the same twice", d.name, f)
	}
	report := spoiled.expect(d.name, d.want, d.also, message, 16)
	return report.Passed() && d.want != passed
}

// expect verifies the message by a verifier that has seen nothing yet, and by the same once more, each within the bound
// of memory; then several times at once.
func (s *scene) expect(name string, want verdict, also func(testing.TB, signing.Report), message []byte, atOnce int) signing.Report {
	s.t.Helper()
	verifier := s.verifier()
	verify := func() signing.Report { return verifier.Verify(context.Background(), message, s.content, s.policy) }
	report := s.measured(name, message, verify)
	s.hold(name+", again", want, s.measured(name+", again", message, verify))
	s.hold(name, want, report)
	if also != nil {
		also(s.t, report)
	}
	reports := make([]signing.Report, atOnce)
	var group sync.WaitGroup
	for i := range reports {
		group.Go(func() { reports[i] = verify() })
	}
	group.Wait()
	for _, r := range reports {
		s.hold(name+", one of several at once", want, r)
	}
	return report
}

// measured verifies once and holds the memory to its bound: four times the input and a mebibyte.
func (s *scene) measured(name string, message []byte, verify func() signing.Report) signing.Report {
	s.t.Helper()
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	begin := time.Now()
	report := verify()
	took(s.t, time.Since(begin))
	runtime.ReadMemStats(&end)
	if used, most := end.TotalAlloc-start.TotalAlloc, uint64(4*len(message)+1<<20); used > most {
		s.t.Errorf("%s, %s: %d bytes allocated for %d of input", name, s.form, used, len(message))
	}
	return report
}

func (s *scene) verifier() *signing.Verifier {
	return signing.NewVerifier(signing.Options{
		Roots: s.roots, Intermediates: s.intermediates, Revocation: s.world.revocation(s.t), Now: func() time.Time { return T0 },
	})
}

func (s *scene) hold(name string, want verdict, report signing.Report) {
	s.t.Helper()
	got := verdict{report.Outcome, report.SubIndication, report.Reason}
	if got != want {
		last := signing.Check{}
		if n := len(report.Checks); n > 0 {
			last = report.Checks[n-1]
		}
		s.t.Errorf("%s, %s: %v, want %v (%s: %s)", name, s.form, got, want, last.Name, last.Detail)
	}
}

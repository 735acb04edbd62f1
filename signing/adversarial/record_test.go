package adversarial_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// cases is how many the list has.
const cases = 77

type result struct{ held, wrongAccept bool }

var results struct {
	sync.Mutex
	of map[string]result // by id
}

// record notes how a case ended, for the line that `make conformance` prints.
func record(id string, held, wrongAccept bool) {
	results.Lock()
	defer results.Unlock()
	if results.of == nil {
		results.of = map[string]result{}
	}
	results.of[id] = result{held, wrongAccept}
}

// slowest is how long the slowest verdict of each case took, by id. It is told and never asserted: other programs on
// the machine decide, too.
var slowest struct {
	sync.Mutex
	of map[string]time.Duration
}

// took notes how long a verdict of the running case took.
func took(t testing.TB, d time.Duration) {
	_, id, _ := strings.Cut(t.Name(), "/")
	id, _, _ = strings.Cut(id, "-")
	slowest.Lock()
	defer slowest.Unlock()
	if slowest.of == nil {
		slowest.of = map[string]time.Duration{}
	}
	slowest.of[id] = max(slowest.of[id], d)
}

func TestMain(m *testing.M) {
	code := m.Run()
	right, wrong := 0, 0
	for _, id := range slices.Sorted(maps.Keys(results.of)) {
		r := results.of[id]
		if r.held {
			right++
		} else {
			fmt.Printf("adversarial miss: %s\n", id)
		}
		if r.wrongAccept {
			wrong++
		}
	}
	worst := slices.SortedFunc(maps.Keys(slowest.of), func(a, b string) int { return cmp.Compare(slowest.of[b], slowest.of[a]) })
	for _, id := range worst[:min(5, len(worst))] {
		fmt.Printf("adversarial time: %s %v\n", id, slowest.of[id].Round(100*time.Microsecond))
	}
	fmt.Printf("adversarial %d/%d %d\n", right, cases, wrong)
	if flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" && len(results.of) != cases {
		fmt.Printf("%d cases were played, the list has %d\n", len(results.of), cases)
		code = 1
	}
	os.Exit(code)
}

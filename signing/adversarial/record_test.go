package adversarial_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
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
	fmt.Printf("adversarial %d/%d %d\n", right, cases, wrong)
	if flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" && len(results.of) != cases {
		fmt.Printf("%d cases were played, the list has %d\n", len(results.of), cases)
		code = 1
	}
	os.Exit(code)
}

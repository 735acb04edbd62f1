package licence

import "testing"

// The three published numbers of facts §10 hold the rule; one changed character or two exchanged ones break it.
func TestPublishedNumbersHold(t *testing.T) {
	for _, n := range []string{"KZ18LAA00032760", "KZ29LAM00002781", "KZ96LAA00035527"} {
		if !ValidNumber(n) {
			t.Errorf("%s does not hold", n)
		}
	}
}

func TestWrongNumbersAreRefused(t *testing.T) {
	for _, n := range []string{"", "KZ18LAA0003276", "KZ18LAA000327600", "KZ81LAA00032760", "KZ18LAA00032761", "KZ18LAB00032760", "KZ18LAA00023760",
		"kz18LAA00032760", "KZ1ÖLAA0003276", "US18LAA00032760", "KZ18LA000032760", "KZ18LAA0003276O"} {
		if ValidNumber(n) {
			t.Errorf("%s is taken as good", n)
		}
	}
}

func TestNumberMakesWhatHolds(t *testing.T) {
	for _, serial := range []int{1, 42, 97, 418, 99_999_999} {
		n, err := Number("DEM", serial)
		if err != nil || !ValidNumber(n) {
			t.Errorf("Number(DEM, %d) = %s, %v", serial, n, err)
		}
	}
	for _, bad := range []struct {
		series string
		serial int
	}{{"dem", 1}, {"DE", 1}, {"DEMO", 1}, {"ДЕМ", 1}, {"DEM", 0}, {"DEM", 100_000_000}} {
		if n, err := Number(bad.series, bad.serial); err == nil {
			t.Errorf("Number(%s, %d) = %s", bad.series, bad.serial, n)
		}
	}
}

func TestNormaliseTakesWhatPeopleType(t *testing.T) {
	if got := Normalise(" kz18 laa-0003 2760"); got != "KZ18LAA00032760" {
		t.Errorf("Normalise = %q", got)
	}
}

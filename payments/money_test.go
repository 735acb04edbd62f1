package payments_test

import (
	"encoding/json"
	"math"
	"testing"

	"elicensing/payments"
)

func TestAmountHasOneSpelling(t *testing.T) {
	for amount, want := range map[payments.Tiyn]string{
		0: "0.00", 1: "0.01", 99: "0.99", 100: "1.00", 4_325_000: "43250.00", 4_325_001: "43250.01",
		math.MaxInt64: "92233720368547758.07",
	} {
		if got := amount.String(); got != want {
			t.Errorf("%d tiyn: %q, want %q", int64(amount), got, want)
		}
		back, err := payments.ParseTiyn(want)
		if err != nil || back != amount {
			t.Errorf("ParseTiyn(%q) = %d, %v", want, back, err)
		}
	}
	if got := payments.Tiyn(math.MinInt64).String(); got != "-92233720368547758.08" {
		t.Errorf("the least amount: %q", got)
	}
}

func TestAmountRefusesOtherSpellings(t *testing.T) {
	for _, s := range []string{
		"", ".", "1", "1.", "1.0", "1.000", ".50", "01.00", "00.00", "-1.00", "+1.00", " 1.00", "1.00 ", "1,00",
		"1 000.00", "1e3.00", "1.0x", "٤.٠٠", "1.00.00", "0x1.00", "NaN", "92233720368547758.08", "99999999999999999999.00",
	} {
		if n, err := payments.ParseTiyn(s); err == nil {
			t.Errorf("ParseTiyn(%q) = %d, want a refusal", s, int64(n))
		}
	}
}

func TestAmountIsTextInJSON(t *testing.T) {
	out, err := json.Marshal(payments.Tiyn(4_325_000))
	if err != nil || string(out) != `"43250.00"` {
		t.Fatalf("%s, %v", out, err)
	}
	var in payments.Tiyn
	if err := json.Unmarshal([]byte(`43250.00`), &in); err == nil {
		t.Fatal("a JSON number was taken for an amount")
	}
}

package payments_test

import (
	"testing"
	"time"

	"elicensing/payments"
)

func TestFeeByKindAndYear(t *testing.T) {
	for _, c := range []struct {
		kind   payments.Kind
		year   int
		amount string
		times  string
	}{
		{payments.KindLicence, 2014, "18520.00", "10"},
		{payments.KindLicence, 2020, "26510.00", "10"},
		{payments.KindLicence, 2025, "39320.00", "10"},
		{payments.KindLicence, 2026, "43250.00", "10"},
		{payments.KindDuplicate, 2026, "43250.00", "10"},
		{payments.KindReissue, 2026, "4325.00", "1"},
		{payments.KindAnnex, 2026, "0.00", "0"},
		{payments.KindAnnexReissue, 2026, "0.00", "0"},
	} {
		fee, err := payments.FeeFor(c.kind, time.Date(c.year, 6, 15, 12, 0, 0, 0, time.UTC))
		if err != nil || fee.Amount.String() != c.amount || fee.Coefficient.String() != c.times {
			t.Errorf("%s in %d: %s at %s MCI, %v; want %s at %s", c.kind, c.year, fee.Amount, fee.Coefficient, err, c.amount, c.times)
		}
	}
}

// I11: the year turns in Kazakhstan, five hours before it turns in UTC.
func TestRateTurnsAtLocalMidnight(t *testing.T) {
	last := time.Date(2025, 12, 31, 18, 59, 59, 999_999_999, time.UTC)
	for _, c := range []struct {
		at     time.Time
		amount string
		day    string
	}{
		{last, "39320.00", "2025-12-31"},
		{last.Add(time.Nanosecond), "43250.00", "2026-01-01"},
	} {
		fee, err := payments.FeeFor(payments.KindLicence, c.at)
		if err != nil || fee.Amount.String() != c.amount || fee.RateDay != c.day {
			t.Errorf("%s: %s of %s, %v; want %s of %s", c.at, fee.Amount, fee.RateDay, err, c.amount, c.day)
		}
	}
	fee, err := payments.FeeFor(payments.KindLicence, last)
	if err != nil || !fee.Until.Equal(last.Add(time.Nanosecond)) {
		t.Errorf("the rate of 2025 lasts until %s, %v", fee.Until, err)
	}
}

func TestFeeIsNeverGuessed(t *testing.T) {
	for _, c := range []struct {
		kind payments.Kind
		at   time.Time
	}{
		{payments.KindLicence, time.Date(2026, 12, 31, 19, 0, 0, 0, time.UTC)}, // 2027 in Kazakhstan
		{payments.KindLicence, time.Date(2013, 12, 31, 18, 59, 59, 0, time.UTC)},
		{payments.KindLicence, time.Time{}},
		{"nothing", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
	} {
		fee, err := payments.FeeFor(c.kind, c.at)
		wantError(t, err, payments.ErrRateUnknown)
		if fee.Amount != 0 {
			t.Errorf("%s at %s: an amount beside the error", c.kind, c.at)
		}
	}
}

// What a law sets after the program was built comes by a setting, and changes nothing that is on record; only demonstrations go on with the last index.
func TestLaterYears(t *testing.T) {
	known, err := payments.BuiltInRates()
	if err != nil {
		t.Fatal(err)
	}
	later, err := known.With(map[int]int64{2028: 4700, 2027: 4500})
	if err != nil {
		t.Fatal(err)
	}
	year := func(n int) time.Time { return time.Date(n, 6, 1, 0, 0, 0, 0, time.UTC) }
	for at, want := range map[time.Time]payments.Tiyn{year(2026): 43_250_00, year(2027): 45_000_00, year(2028): 47_000_00} {
		if fee, err := later.Fee(payments.KindLicence, at); err != nil || fee.Amount != want {
			t.Errorf("%s: %v, %v", at, fee.Amount, err)
		}
	}
	_, err = later.Fee(payments.KindLicence, year(2029))
	wantError(t, err, payments.ErrRateUnknown)
	_, err = known.Fee(payments.KindLicence, year(2027))
	wantError(t, err, payments.ErrRateUnknown)
	if fee, err := known.Continued().Fee(payments.KindLicence, year(2031)); err != nil || fee.Amount != 43_250_00 {
		t.Errorf("%v, %v", fee.Amount, err)
	}
	for _, wrong := range []map[int]int64{{2026: 5000}, {2027: 0}, {2027: 2_000_000}} {
		if _, err := known.With(wrong); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}

func TestRatesAreReadStrictly(t *testing.T) {
	const mci, coefficients = "from,until,tenge\n", "kind,from,until,hundredths_of_mci,rule\n"
	const goodMCI, goodCoefficients = mci + "2026-01-01,2027-01-01,4325\n", coefficients + "licence,2026-01-01,,1000,r\n"
	if _, err := payments.ParseRates([]byte(goodMCI), []byte(goodCoefficients)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"overlap":          {goodMCI + "2026-06-01,2027-06-01,4000\n", goodCoefficients},
		"no end":           {mci + "2026-01-01,,4325\n", goodCoefficients},
		"backwards":        {mci + "2027-01-01,2026-01-01,4325\n", goodCoefficients},
		"no such day":      {mci + "2026-02-30,2027-01-01,4325\n", goodCoefficients},
		"zero":             {mci + "2026-01-01,2027-01-01,0\n", goodCoefficients},
		"negative":         {mci + "2026-01-01,2027-01-01,-1\n", goodCoefficients},
		"huge":             {mci + "2026-01-01,2027-01-01,99999999999\n", goodCoefficients},
		"not a number":     {mci + "2026-01-01,2027-01-01,4 325\n", goodCoefficients},
		"columns":          {"until,from,tenge\n2026-01-01,2027-01-01,4325\n", goodCoefficients},
		"row too short":    {mci + "2026-01-01,4325\n", goodCoefficients},
		"empty":            {"", goodCoefficients},
		"after an endless": {goodMCI, goodCoefficients + "licence,2030-01-01,,500,r\n"},
	} {
		if _, err := payments.ParseRates([]byte(c[0]), []byte(c[1])); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

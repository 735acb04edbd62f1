package payments

import (
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Kind says what is asked for, as far as its fee differs.
type Kind string

// The kinds that have a rate, or are known to be free.
const (
	KindLicence      Kind = "licence"
	KindAnnex        Kind = "annex"
	KindReissue      Kind = "reissue"
	KindAnnexReissue Kind = "annex_reissue"
	KindDuplicate    Kind = "duplicate"
)

// Zone is the time of Kazakhstan, UTC+5 in the whole country since 1 March 2024. A rate
// begins and ends at midnight here.
var Zone = time.FixedZone("Asia/Almaty", 5*60*60)

const dayLayout = "2006-01-02"

// Coefficient is a multiple of the monthly calculation index, in hundredths: 10 MCI is
// 1000.
type Coefficient int64

// String writes the multiple without needless zeros: "10", "0.6".
func (c Coefficient) String() string {
	return strconv.FormatFloat(float64(c)/100, 'f', -1, 64)
}

// Fee is the fee of one day with its arithmetic: Amount = MCI × Coefficient.
type Fee struct {
	Kind        Kind
	MCI         Tiyn
	Coefficient Coefficient
	// Amount is zero when no fee is due for the kind.
	Amount Tiyn
	// RateDay is the day in Kazakhstan whose rate this is: "2026-11-22".
	RateDay string
	// Until is the first moment at which this rate may be another.
	Until time.Time
}

// Rates are the dated editions of the MCI and of the coefficients. They do not change
// after loading.
type Rates struct {
	mci          []edition
	coefficients map[Kind][]edition
}

// edition is a value in force from the midnight of one day to that of another, which it
// does not include; no end means "until something else is known".
type edition struct {
	from, until time.Time
	value       int64
}

//go:embed rates/*.csv
var rateFiles embed.FS

var builtInRates = sync.OnceValues(func() (*Rates, error) {
	mci, err := rateFiles.ReadFile("rates/mci.csv")
	if err != nil {
		return nil, err
	}
	coefficients, err := rateFiles.ReadFile("rates/coefficients.csv")
	if err != nil {
		return nil, err
	}
	return ParseRates(mci, coefficients)
})

// BuiltInRates are the rates that the program was built with.
func BuiltInRates() (*Rates, error) { return builtInRates() }

// FeeFor is Fee at the built-in rates.
func FeeFor(kind Kind, at time.Time) (Fee, error) {
	rates, err := builtInRates()
	if err != nil {
		return Fee{}, err
	}
	return rates.Fee(kind, at)
}

// Fee tells the fee of a kind at a moment, at the rate of the day that it is then in
// Kazakhstan. A day or a kind without a rate on record is ErrRateUnknown: a fee is never
// guessed from last year's index.
func (r *Rates) Fee(kind Kind, at time.Time) (Fee, error) {
	mci, ok := inForce(r.mci, at)
	if !ok {
		return Fee{}, fmt.Errorf("MCI of %s: %w", at.In(Zone).Format(dayLayout), ErrRateUnknown)
	}
	coefficient, ok := inForce(r.coefficients[kind], at)
	if !ok {
		return Fee{}, fmt.Errorf("coefficient of %q on %s: %w", kind, at.In(Zone).Format(dayLayout), ErrRateUnknown)
	}
	until := mci.until
	if !coefficient.until.IsZero() && coefficient.until.Before(until) {
		until = coefficient.until
	}
	return Fee{
		Kind: kind,
		MCI:  Tiyn(mci.value * 100), Coefficient: Coefficient(coefficient.value),
		Amount:  Tiyn(mci.value * coefficient.value), // tenge × hundredths: tiyn, exactly
		RateDay: at.In(Zone).Format(dayLayout),
		Until:   until,
	}, nil
}

// KnownUntil is the first moment from at on that has no MCI on record: at itself when it has none.
func (r *Rates) KnownUntil(at time.Time) time.Time {
	until := at
	for _, e := range r.mci {
		if !until.Before(e.from) && until.Before(e.until) {
			until = e.until
		}
	}
	return until
}

// With gives these rates and the MCI, in tenge, of further whole years, which a law has set since the program was built. A year that is on record already
// is an error: what was charged by it must stay explained.
func (r *Rates) With(mci map[int]int64) (*Rates, error) {
	more := &Rates{mci: slices.Clone(r.mci), coefficients: r.coefficients}
	for _, year := range slices.Sorted(maps.Keys(mci)) {
		e, err := readEdition(fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-01-01", year+1), strconv.FormatInt(mci[year], 10), 1_000_000)
		if err == nil && e.value == 0 {
			err = errors.New("an index needs a value")
		}
		if err == nil {
			more.mci, err = addEdition(more.mci, e)
		}
		if err != nil {
			return nil, fmt.Errorf("payments: MCI of %d: %w", year, err)
		}
	}
	return more, nil
}

// Continued gives these rates with the last MCI on record for a hundred years more: for demonstrations alone, in which people and money are invented too.
func (r *Rates) Continued() *Rates {
	more := &Rates{mci: slices.Clone(r.mci), coefficients: r.coefficients}
	if n := len(more.mci); n > 0 {
		last := more.mci[n-1]
		more.mci = append(more.mci, edition{from: last.until, until: last.until.AddDate(100, 0, 0), value: last.value})
	}
	return more
}

func inForce(editions []edition, at time.Time) (edition, bool) {
	for _, e := range editions {
		if !at.Before(e.from) && (e.until.IsZero() || at.Before(e.until)) {
			return e, true
		}
	}
	return edition{}, false
}

// ParseRates reads the two tables (see rates/*.csv) and refuses editions that overlap,
// an index without an end, and amounts out of all proportion.
func ParseRates(mci, coefficients []byte) (*Rates, error) {
	rates := &Rates{coefficients: map[Kind][]edition{}}
	rows, err := readTable(mci, []string{"from", "until", "tenge"})
	if err != nil {
		return nil, fmt.Errorf("payments: table of the MCI: %w", err)
	}
	for i, row := range rows {
		e, err := readEdition(row[0], row[1], row[2], 1_000_000)
		if err == nil && (e.until.IsZero() || e.value == 0) {
			err = errors.New("an index needs an end and a value")
		}
		if err == nil {
			rates.mci, err = addEdition(rates.mci, e)
		}
		if err != nil {
			return nil, fmt.Errorf("payments: table of the MCI, row %d: %w", i+1, err)
		}
	}
	rows, err = readTable(coefficients, []string{"kind", "from", "until", "hundredths_of_mci", "rule"})
	if err != nil {
		return nil, fmt.Errorf("payments: table of coefficients: %w", err)
	}
	for i, row := range rows {
		kind := Kind(row[0])
		e, err := readEdition(row[1], row[2], row[3], 1_000_000)
		if err == nil {
			rates.coefficients[kind], err = addEdition(rates.coefficients[kind], e)
		}
		if err != nil {
			return nil, fmt.Errorf("payments: table of coefficients, row %d: %w", i+1, err)
		}
	}
	return rates, nil
}

func readTable(data []byte, header []string) ([][]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || fmt.Sprint(rows[0]) != fmt.Sprint(header) {
		return nil, fmt.Errorf("the columns must be %v", header)
	}
	return rows[1:], nil
}

func readEdition(from, until, value string, most int64) (edition, error) {
	var e edition
	var err error
	if e.from, err = time.ParseInLocation(dayLayout, from, Zone); err != nil {
		return e, err
	}
	if until != "" {
		if e.until, err = time.ParseInLocation(dayLayout, until, Zone); err != nil {
			return e, err
		}
		if !e.from.Before(e.until) {
			return e, errors.New("ends before it begins")
		}
	}
	if e.value, err = strconv.ParseInt(value, 10, 64); err != nil {
		return e, err
	}
	if e.value < 0 || e.value > most {
		return e, fmt.Errorf("the value %d is out of proportion", e.value)
	}
	return e, nil
}

// addEdition appends an edition that begins no earlier than the last one ends.
func addEdition(editions []edition, e edition) ([]edition, error) {
	if n := len(editions); n > 0 {
		if last := editions[n-1]; last.until.IsZero() || e.from.Before(last.until) {
			return nil, errors.New("overlaps the edition before it")
		}
	}
	return append(editions, e), nil
}

package payments

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Tiyn is an amount of money in tiyn, the hundredth part of a tenge. Inside the
// program money is this integer; outside it is the decimal string in tenge that String
// gives ("43250.00"), in JSON too, because other programs read JSON numbers as floats.
type Tiyn int64

// Currency is the only one in which a fee is asked for and taken (ISO 4217).
const Currency = "KZT"

// String writes the amount in tenge with two decimals, without grouping: "43250.00".
func (t Tiyn) String() string {
	sign, n := "", uint64(t)
	if t < 0 {
		sign, n = "-", -uint64(t)
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// ParseTiyn reads what String writes and nothing else: no sign, grouping, exponent or
// leading zero, always two decimals. One amount has one spelling, so that two sides that
// agree on the text agree on the money.
func ParseTiyn(s string) (Tiyn, error) {
	whole, fraction, ok := strings.Cut(s, ".")
	if !ok || len(fraction) != 2 || whole == "" || (len(whole) > 1 && whole[0] == '0') {
		return 0, fmt.Errorf("payments: %q is not an amount in tenge with two decimals", clip(s))
	}
	for _, r := range whole + fraction {
		if r < '0' || r > '9' {
			return 0, fmt.Errorf("payments: %q is not an amount in tenge with two decimals", clip(s))
		}
	}
	n, err := strconv.ParseUint(whole+fraction, 10, 64)
	if err != nil || n > math.MaxInt64 {
		return 0, fmt.Errorf("payments: amount %q is too large", clip(s))
	}
	return Tiyn(n), nil
}

// MarshalText implements encoding.TextMarshaler with String.
func (t Tiyn) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler with ParseTiyn.
func (t *Tiyn) UnmarshalText(text []byte) error {
	n, err := ParseTiyn(string(text))
	if err != nil {
		return err
	}
	*t = n
	return nil
}

// Value stores the integer: without it a driver might prefer the text.
func (t Tiyn) Value() (driver.Value, error) { return int64(t), nil }

// clip keeps a stranger's text in an error message short.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

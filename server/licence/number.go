package licence

import (
	"fmt"
	"strings"
)

// Number makes the number of a licence: KZ, two check digits, three letters of the series, eight digits (facts §10). The check rule is that of
// bank account numbers (ISO 7064 MOD 97-10): the first four characters moved to the end, letters as 10 to 35, the remainder by 97 is 1.
func Number(series string, serial int) (string, error) {
	if len(series) != 3 || strings.Trim(series, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", fmt.Errorf("licence: series %q is not three capital letters", series)
	}
	if serial < 1 || serial > 99_999_999 {
		return "", fmt.Errorf("licence: serial %d is out of the eight digits", serial)
	}
	body := fmt.Sprintf("%s%08d", series, serial)
	return fmt.Sprintf("KZ%02d%s", 98-remainder(body+"KZ00"), body), nil
}

// ValidNumber tells whether a number, as somebody typed it, has the form and the check digits of a licence number.
func ValidNumber(number string) bool {
	if len(number) != 15 || !strings.HasPrefix(number, "KZ") {
		return false
	}
	if strings.Trim(number[2:4], "0123456789") != "" || strings.Trim(number[4:7], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || strings.Trim(number[7:], "0123456789") != "" {
		return false
	}
	return remainder(number[4:]+number[:4]) == 1
}

// Normalise makes what a person typed comparable: no blanks or dashes, capital Latin letters.
func Normalise(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\t", "").Replace(typed))
}

// remainder is the remainder by 97 of a string of digits and letters A=10 … Z=35.
func remainder(s string) int {
	r := 0
	for _, c := range s {
		if c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return r
}

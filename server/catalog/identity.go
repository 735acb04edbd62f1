package catalog

// ValidIIN is true for twelve digits with a right check digit, as a person types an individual
// identification number. Numbers from certificates are taken as they stand: the official test
// persons do not satisfy the rule.
func ValidIIN(s string) bool { return validTwelve(s) }

// ValidBIN is the same for a business identification number; the rule is one.
func ValidBIN(s string) bool { return validTwelve(s) }

// validTwelve: the weighted sum of eleven digits modulo 11 is the twelfth. When it is 10 the
// weights are moved by two; when it is 10 again such a number is never given out.
func validTwelve(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	sum := func(shift int) (n int) {
		for i := range 11 {
			n += int(s[i]-'0') * ((i+shift)%11 + 1)
		}
		return n % 11
	}
	check := sum(0)
	if check == 10 {
		check = sum(2)
	}
	return check < 10 && check == int(s[11]-'0')
}

package calendar

import (
	"bytes"
	"strings"
	"testing"
)

// A mistake in the data stops the program and is named.
func TestMistakesInTheDataAreRefused(t *testing.T) {
	for _, tc := range []struct{ name, old, new, want string }{
		{"published table differs", "2025-10-27], working: 246", "2025-10-28], working: 246", "2025"},
		{"published count differs", "working: 249", "working: 250", "2024"},
		{"unknown key", "schedules:", "timetables:", "timetables"},
		{"no such day", "{id: unity_day, month: 5, day: 1,", "{id: unity_day, month: 5, day: 32,", "unity_day"},
		{"no such exception kind", "{date: 2014-05-04, kind: working}", "{date: 2014-05-04, kind: half}", "half"},
		{"no such week", "{date: 2014-01-03, kind: day_off, weeks: [five]}", "{date: 2014-01-03, kind: day_off, weeks: [four]}", "four"},
		{"name in two languages", "kk: Наурыз мейрамы, ", "", "nauryz"},
		{"a year without Kurban Ait", "    - {date: 2019-08-11}\n", "", "2019"},
		{"two Kurban Aits", "{date: 2019-08-11}", "{date: 2018-08-11}", "2018"},
		{"not a date", "2019-08-11", "2019-08-41", "line"},
		{"hours out of order", `close: "17:30"`, `close: "14:00"`, "out of order"},
		{"not a time", `open: "09:00", close: "17:30"`, `open: "9h", close: "17:30"`, "9h"},
		{"schedule missing", "{id: centre,", "{id: shop,", "centre"},
		{"schedule of no week", "{id: centre, week: six", "{id: centre, week: seven", "seven"},
		{"zone without a start", `  - {offset: "+06:00"}` + "\n", "", "zone"},
		{"zone offset", `offset: "+05:00"`, `offset: "five"`, "five"},
		{"years turned round", "{first: 2014, last: 2027}", "{first: 2027, last: 2014}", "years"},
	} {
		bad := bytes.Replace(embedded, []byte(tc.old), []byte(tc.new), 1)
		if bytes.Equal(bad, embedded) {
			t.Fatalf("%s: %q is not in the data", tc.name, tc.old)
		}
		_, err := parse(bad)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

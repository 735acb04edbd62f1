package print

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Kazakh dates have endings by the month's last sound; these are the forms of letters §0.
func TestKazakhDates(t *testing.T) {
	d, err := newDrawing()
	if err != nil {
		t.Fatal(err)
	}
	for month, want := range map[time.Month][2]string{
		time.January: {"2026 жылғы 27 қаңтар", "2026 жылғы 27 қаңтардағы"}, time.March: {"2026 жылғы 27 наурыз", "2026 жылғы 27 наурыздағы"},
		time.April: {"2026 жылғы 27 сәуір", "2026 жылғы 27 сәуірдегі"}, time.July: {"2026 жылғы 27 шілде", "2026 жылғы 27 шілдедегі"},
		time.September: {"2026 жылғы 27 қыркүйек", "2026 жылғы 27 қыркүйектегі"}, time.December: {"2026 жылғы 27 желтоқсан", "2026 жылғы 27 желтоқсандағы"},
	} {
		at := time.Date(2026, month, 27, 12, 0, 0, 0, kazakhstan)
		if got := [2]string{d.date(at).KK, d.dateOf(at).KK}; got != want {
			t.Errorf("%s: %q, want %q", month, got, want)
		}
	}
	if got := d.date(time.Date(2026, 5, 9, 0, 0, 0, 0, kazakhstan)).RU; got != "9 мая 2026 года" {
		t.Error(got)
	}
}

func TestAmounts(t *testing.T) {
	for tiyn, want := range map[int64]string{4325000: "43 250 ₸", 0: "0 ₸", 99: "0,99 ₸", 123456789: "1 234 567,89 ₸", -100: "−1 ₸", 100000: "1 000 ₸"} {
		if got := strings.ReplaceAll(tenge(tiyn), "\u00a0", " "); got != want {
			t.Errorf("%d: %q, want %q", tiyn, got, want)
		}
	}
}

// Each text stands in both languages, and every letter of them is in the fonts.
func TestTextsAreCompleteAndPrintable(t *testing.T) {
	d, err := newDrawing()
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range d.texts {
		if text.KK == "" || text.RU == "" {
			t.Errorf("%s lacks a language", key)
		}
		for _, face := range []string{sans, sansBold, serif, serifBold} {
			for _, r := range text.KK + text.RU {
				if _, ok := d.faces[face].glyphs[r]; !ok && r != '\u00a0' {
					t.Errorf("%s: %s has no %q", key, face, r)
				}
			}
		}
	}
	for _, r := range "ӘәҒғҚқҢңӨөҰұҮүҺһІі" {
		for _, face := range []string{sans, sansBold, serif, serifBold} {
			if d.faces[face].glyphs[r] == 0 {
				t.Errorf("%s has no %q", face, r)
			}
		}
	}
}

// Each text that the code asks for exists, and no text is kept that nothing prints.
func TestCodeAndTextsAgree(t *testing.T) {
	d, err := newDrawing()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	literal := regexp.MustCompile(`"((?:f[345]|lic|ann|ref|rec|acc|pay|id|demo)\.[a-z0-9_.]*[a-z0-9])"`)
	for _, m := range literal.FindAllStringSubmatch(code.String(), -1) {
		if _, ok := d.texts[m[1]]; !ok {
			t.Errorf("no text %q", m[1])
		}
	}
	computed := regexp.MustCompile(`^(ref\.S10\.\d|ref\.S10\.\d\.(requirement|basis|amount|reason|deadline)|f5\.\d\.(subtitle|[a-z_.]*)|f3\.confirm\.\d|acc\.rule\..*)$`)
	for key := range d.texts {
		if !strings.Contains(code.String(), `"`+key+`"`) && !computed.MatchString(key) {
			t.Errorf("text %q is never printed", key)
		}
	}
}

func TestFillPassesTheTemplateOnce(t *testing.T) {
	got := fill(Text{KK: "{a} {b}", RU: "{b} {a} {c}"}, map[string]Text{"a": Same("{b}"), "b": Same("x")})
	if got != (Text{KK: "{b} x", RU: "x {b} {c}"}) {
		t.Errorf("%+v", got)
	}
}

func TestCleanKeepsOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\n b\t\tc": "a b c", "  a  ": "a", "и\u0306": "й", "a\u00adb": "ab", "a\u202eb": "a\ufffdb", "\x00": "\ufffd", "\xff": "\ufffd", "a\u00a0b": "a\u00a0b", "": "",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLinesEndWhereTheyMay(t *testing.T) {
	for in, want := range map[string][]string{
		"Северо-Казахстанской": {"Северо-", "Казахстанской"}, "7-бабының": {"7-бабының"}, "к-сі": {"к-сі"}, "№ 12 от": {"№ 12 от"}, "ул. Тестовая, 1": {"ул. ", "Тестовая, 1"},
	} {
		if got := pieces(in); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

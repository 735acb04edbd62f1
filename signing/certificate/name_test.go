package certificate_test

import (
	"testing"

	"elicensing/signing/certificate"
)

func parseName(t *testing.T, der []byte) certificate.Name {
	t.Helper()
	name, err := certificate.ParseName(der)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// TestComparisonOfNames: RFC 5280 §7.1.
func TestComparisonOfNames(t *testing.T) {
	bmp := func(text string) string {
		var s []byte
		for _, r := range text {
			s = append(s, byte(r>>8), byte(r))
		}
		return string(s)
	}
	for name, c := range map[string]struct {
		a, b  []byte
		equal bool
	}{
		"case":                            {nameOf(tagUTF8, "ca of kz"), nameOf(tagUTF8, "CA Of KZ"), true},
		"case of Kazakh letters":          {nameOf(tagUTF8, "ұлттық куәландырушы"), nameOf(tagUTF8, "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ"), true},
		"space":                           {nameOf(tagUTF8, "  CA \t of  KZ "), nameOf(tagUTF8, "CA of KZ"), true},
		"space is not nothing":            {nameOf(tagUTF8, "CA of KZ"), nameOf(tagUTF8, "CAofKZ"), false},
		"no-break space":                  {nameOf(tagUTF8, "CA\u00a0of KZ"), nameOf(tagUTF8, "CA of KZ"), true},
		"soft hyphen":                     {nameOf(tagUTF8, "C\u00adA"), nameOf(tagUTF8, "CA"), true},
		"zero width space":                {nameOf(tagUTF8, "C\u200bA"), nameOf(tagUTF8, "CA"), true},
		"printable and UTF-8":             {nameOf(tagPrintable, "CA"), nameOf(tagUTF8, "ca"), true},
		"BMP and UTF-8":                   {nameOf(tagBMP, bmp("Қаз")), nameOf(tagUTF8, "ҚАЗ"), true},
		"teletex by octets":               {nameOf(tagTeletex, "CA"), nameOf(tagTeletex, "CA"), true},
		"teletex is not folded":           {nameOf(tagTeletex, "CA"), nameOf(tagTeletex, "ca"), false},
		"teletex and UTF-8":               {nameOf(tagTeletex, "CA"), nameOf(tagUTF8, "CA"), false},
		"UTF-8 that is none, by octets":   {nameOf(tagUTF8, "\xff"), nameOf(tagUTF8, "\xff"), true},
		"UTF-8 that is none and another":  {nameOf(tagUTF8, "\xff"), nameOf(tagUTF8, "\xfe"), false},
		"other letters that look alike":   {nameOf(tagUTF8, "CA"), nameOf(tagUTF8, "СА"), false},
		"order of parts":                  {nameOf(tagUTF8, "a", "b"), nameOf(tagUTF8, "b", "a"), false},
		"one part more":                   {nameOf(tagUTF8, "a"), nameOf(tagUTF8, "a", "b"), false},
		"parts that run into one another": {nameOf(tagUTF8, "ab", "c"), nameOf(tagUTF8, "a", "bc"), false},
		"order within a part": {tlv(0x30, tlv(0x31, attribute(tagUTF8, "a"), attribute(tagUTF8, "b"))),
			tlv(0x30, tlv(0x31, attribute(tagUTF8, "b"), attribute(tagUTF8, "a"))), true},
		"one part of two, two parts": {tlv(0x30, tlv(0x31, attribute(tagUTF8, "a"), attribute(tagUTF8, "b"))), nameOf(tagUTF8, "a", "b"), false},
		"another type": {tlv(0x30, tlv(0x31, tlv(0x30, tlv(6, []byte{0x55, 4, 10}), tlv(tagUTF8, []byte("a"))))),
			nameOf(tagUTF8, "a"), false},
		"only space and nothing": {nameOf(tagUTF8, "  "), nameOf(tagUTF8, ""), true},
	} {
		if got := parseName(t, c.a).Equal(parseName(t, c.b)); got != c.equal {
			t.Errorf("%s: equal %v", name, got)
		}
	}
}

func TestSubtreesOfNames(t *testing.T) {
	base := parseName(t, nameOf(tagPrintable, "a", "b"))
	for _, c := range []struct {
		parts  []string
		within bool
	}{{[]string{"a", "b"}, true}, {[]string{"A", "B", "c"}, true}, {[]string{"a"}, false}, {[]string{"a", "bc"}, false}, {[]string{"c", "a", "b"}, false}} {
		if got := parseName(t, nameOf(tagUTF8, c.parts...)).Within(base); got != c.within {
			t.Errorf("%v: %v", c.parts, got)
		}
	}
	if !base.Within(parseName(t, tlv(0x30))) {
		t.Error("a name is not within the empty one")
	}
}

func TestAttributes(t *testing.T) {
	name := parseName(t, tlv(0x30, tlv(0x31, attribute(tagUTF8, "Ә")), tlv(0x31, attribute(tagIA5, "b"), attribute(tagTeletex, "c"))))
	all := name.Attributes()
	if len(all) != 3 || all[0].RDN != 0 || all[2].RDN != 1 || all[1].Type.String() != "2.5.4.3" {
		t.Fatalf("%+v", all)
	}
	if text, ok := all[0].Text(); text != "Ә" || !ok {
		t.Errorf("%q %v", text, ok)
	}
	if _, ok := all[2].Text(); ok {
		t.Error("TeletexString as text")
	}
}

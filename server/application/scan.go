package application

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// sniffBytes is how much of a file is looked at to learn its type.
const sniffBytes = 3072

// scanType tells the type of a scan by its content: PDF, JPEG or PNG, else "". The name and what the browser claims count for nothing. A PDF
// must begin with its header, so that nothing else can be read before it (I24).
func scanType(head []byte) string {
	switch t := mimetype.Detect(head); {
	case t.Is("application/pdf") && bytes.HasPrefix(head, []byte("%PDF-")):
		return "application/pdf"
	case t.Is("image/jpeg"):
		return "image/jpeg"
	case t.Is("image/png"):
		return "image/png"
	default:
		return ""
	}
}

// maxFileName is the longest file name kept, in letters, and maxExtension the longest ending that it keeps when it is shortened.
const maxFileName, maxExtension = 120, 10

// fileName makes the name of a scan fit to show: no path, no control, invisible or direction-changing letters, not too long. The name is only
// ever shown, never used as a path (I24, I27).
func fileName(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if letters := []rune(name); len(letters) > maxFileName {
		// From the middle: without its ending a file would not open on the computer of whoever downloads it.
		ending := []rune(path.Ext(name))
		if len(ending) > maxExtension {
			ending = nil
		}
		name = strings.TrimRight(string(letters[:maxFileName-1-len(ending)]), ". ") + "…" + string(ending)
	}
	if strings.Trim(name, ". ") == "" {
		return "", false
	}
	return name, true
}

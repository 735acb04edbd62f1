package asice_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"elicensing/signing/asice"
)

// part is one entry of a container made by hand.
type part struct{ name, content string }

// pack makes a zip of the parts after a correct mimetype entry.
func pack(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	m := []byte(asice.MediaType)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", CRC32: crc32.ChecksumIEEE(m),
		CompressedSize64: uint64(len(m)), UncompressedSize64: uint64(len(m))})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(m)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(p.content))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadRefuses(t *testing.T) {
	manifest, err := asice.Manifest([]asice.File{{Name: "a.txt", MIME: "text/plain", Content: []byte("a")}})
	if err != nil {
		t.Fatal(err)
	}
	man := part{asice.ManifestName, string(manifest)}
	sig := part{asice.SignatureName, "cms"}
	file := part{"a.txt", "a"}
	good := pack(t, file, man, sig)
	if _, err := readBack(good); err != nil {
		t.Fatalf("the container that the others are made of: %v", err)
	}
	changed := func(old, new string) part {
		return part{man.name, strings.Replace(man.content, old, new, 1)}
	}
	var many []part
	for i := range asice.MaxFiles + 1 {
		many = append(many, part{fmt.Sprintf("f%d", i), "x"})
	}
	end := len(good) - 22
	patch := func(at int, b ...byte) []byte {
		out := bytes.Clone(good)
		copy(out[at:], b)
		return out
	}
	for name, c := range map[string]struct {
		zip  []byte
		want error
	}{
		"empty":                    {nil, asice.ErrMalformed},
		"no zip":                   {[]byte("hello, this is no container at all, but long enough"), asice.ErrMalformed},
		"cut":                      {good[:len(good)-1], asice.ErrMalformed},
		"bytes behind":             {append(bytes.Clone(good), 0), asice.ErrMalformed},
		"bytes before":             {append([]byte("MZ"), good...), asice.ErrMalformed},
		"count is a lie":           {patch(end+10, 2, 0), asice.ErrMalformed},
		"zip64 count":              {patch(end+10, 0xff, 0xff), asice.ErrTooLarge},
		"no mimetype":              {good[bytes.Index(good[4:], []byte("PK\x03\x04"))+4:], asice.ErrMalformed},
		"another media type":       {bytes.ReplaceAll(good, []byte("asic-e"), []byte("asic-s")), asice.ErrMalformed},
		"file missing":             {pack(t, man, sig), asice.ErrDigest},
		"file unsigned":            {pack(t, file, part{"b.txt", "b"}, man, sig), asice.ErrDigest},
		"file renamed":             {pack(t, part{"b.txt", "a"}, man, sig), asice.ErrDigest},
		"file changed":             {pack(t, part{"a.txt", "b"}, man, sig), asice.ErrDigest},
		"file twice":               {pack(t, file, file, man, sig), asice.ErrName},
		"file twice, other case":   {pack(t, file, part{"A.TXT", "a"}, man, sig), asice.ErrName},
		"path up":                  {pack(t, part{"../a.txt", "a"}, man, sig), asice.ErrName},
		"absolute path":            {pack(t, part{"/a.txt", "a"}, man, sig), asice.ErrName},
		"backslash":                {pack(t, part{`..\a.txt`, "a"}, man, sig), asice.ErrName},
		"direction mark":           {pack(t, part{"a\u202etxt.exe", "a"}, man, sig), asice.ErrName},
		"folder":                   {pack(t, part{"sub/", ""}, file, man, sig), asice.ErrMalformed},
		"no manifest":              {pack(t, file, sig), asice.ErrMalformed},
		"two manifests":            {pack(t, file, man, part{"META-INF/ASiCManifest2.xml", man.content}, sig), asice.ErrMalformed},
		"no signature":             {pack(t, file, man), asice.ErrMalformed},
		"two signatures":           {pack(t, file, man, sig, part{"META-INF/signature2.p7s", "cms"}), asice.ErrMalformed},
		"signature elsewhere":      {pack(t, file, changed("signature.p7s", "signature9.p7s"), sig), asice.ErrMalformed},
		"something in META-INF":    {pack(t, file, man, sig, part{"META-INF/run.sh", ""}), asice.ErrMalformed},
		"signature too large":      {pack(t, file, man, part{sig.name, strings.Repeat("a", asice.MaxSignature+1)}), asice.ErrTooLarge},
		"manifest too large":       {pack(t, file, part{man.name, strings.Repeat(" ", asice.MaxManifest+1)}, sig), asice.ErrTooLarge},
		"too many entries":         {pack(t, append(many, man, sig)...), asice.ErrTooLarge},
		"manifest with entities":   {pack(t, file, changed("<asic:ASiCManifest", "<!DOCTYPE a [<!ENTITY b \"c\">]><asic:ASiCManifest"), sig), asice.ErrMalformed},
		"manifest nested":          {pack(t, file, changed("</asic:ASiCManifest>", strings.Repeat("<a>", 1000)+strings.Repeat("</a>", 1000)+"</asic:ASiCManifest>"), sig), asice.ErrMalformed},
		"manifest of another kind": {pack(t, file, changed("http://uri.etsi.org/02918", "http://example.org/02918"), sig), asice.ErrMalformed},
		"manifest with SHA-1":      {pack(t, file, changed("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"), sig), asice.ErrMalformed},
		"manifest names the web":   {pack(t, file, changed(`URI="a.txt"`, `URI="https://example.org/a.txt"`), sig), asice.ErrMalformed},
		"manifest names a path":    {pack(t, file, changed(`URI="a.txt"`, `URI="%2e%2e/a.txt"`), sig), asice.ErrName},
		"manifest names it twice":  {pack(t, file, changed("</asic:ASiCManifest>", strings.Join(strings.SplitAfter(man.content, "\n")[3:7], "")+"</asic:ASiCManifest>"), sig), asice.ErrName},
		"manifest is no XML":       {pack(t, file, part{man.name, "{}"}, sig), asice.ErrMalformed},
		"two entries, one body":    {overlapping(t, good), asice.ErrMalformed},
	} {
		if _, err := readBack(c.zip); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// overlapping lets the directory entry of the signature point to the bytes of the manifest.
func overlapping(t *testing.T, good []byte) []byte {
	t.Helper()
	out := bytes.Clone(good)
	directory := func(name string) int { return bytes.LastIndex(out, []byte(name)) - 46 }
	from, to := directory(asice.ManifestName), directory(asice.SignatureName)
	copy(out[to+42:to+46], out[from+42:from+46])
	return out
}

// A bomb promises little and unpacks to much, or is honest about it; both stop at the limit.
func TestReadStopsABomb(t *testing.T) {
	big := strings.Repeat("\x00", asice.MaxManifest*8)
	for _, lie := range []bool{false, true} {
		b := pack(t, part{asice.ManifestName, big}, part{asice.SignatureName, "cms"})
		if lie {
			at := bytes.LastIndex(b, []byte(asice.ManifestName)) - 46
			binary.LittleEndian.PutUint32(b[at+24:], 10)
		}
		if _, err := readBack(b); err == nil {
			t.Errorf("lie %v: accepted", lie)
		}
	}
	if _, err := asice.Read(bytes.NewReader(nil), asice.MaxContainer+1); !errors.Is(err, asice.ErrTooLarge) {
		t.Errorf("container over the limit: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	files := request()
	manifest, err := asice.Manifest(files)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := asice.Build(&b, manifest, []byte("cms"), files...); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for _, change := range []func(string) string{
		func(m string) string { return m },
		func(m string) string { return strings.Replace(m, "<?xml", "\ufeff<?xml", 1) },
		func(m string) string { return strings.Replace(m, "request.json", "request%2ejson", 1) },
	} {
		f.Add(pack(f, part{files[0].Name, string(files[0].Content)}, part{asice.ManifestName, change(string(manifest))}, part{asice.SignatureName, "cms"}))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := readBack(b)
		if err == nil && (len(c.Files) == 0 || len(c.Signature) == 0) {
			t.Error("accepted without files or signature")
		}
	})
}

// FuzzManifest: a container that is sound but for its manifest, which a checksum would else guard from change. What
// is accepted names the one file that is there.
func FuzzManifest(f *testing.F) {
	files := request()[:1]
	manifest, err := asice.Manifest(files)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(manifest))
	f.Add(strings.ReplaceAll(string(manifest), "asic:", ""))
	f.Fuzz(func(t *testing.T, manifest string) {
		c, err := readBack(pack(t, part{files[0].Name, string(files[0].Content)}, part{asice.ManifestName, manifest}, part{asice.SignatureName, "cms"}))
		if err != nil {
			return
		}
		if len(c.Files) != 1 || c.Files[0].Name != files[0].Name || !bytes.Equal(c.Manifest, []byte(manifest)) {
			t.Errorf("accepted with other files: %d", len(c.Files))
		}
	})
}

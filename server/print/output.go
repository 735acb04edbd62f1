package print

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// about is what a document says of itself (Info and XMP, which must agree: ISO 19005-2 §6.6.2).
type about struct {
	title string
	at    time.Time // of the event that the document records; no clock is read here
}

const producer = "E-licensing portal"

// finish closes the drawing and returns the file.
func (d *drawing) finish(a about) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	title := clean(a.title)
	at := a.at.UTC().Truncate(time.Second)
	if at.IsZero() {
		at = time.Unix(0, 0).UTC()
	}
	d.pdf.SetTitle(title, true)
	d.pdf.SetProducer(producer, true)
	d.pdf.SetCreationDate(at)
	d.pdf.SetModificationDate(at)
	d.pdf.SetLang("kk-KZ")
	d.pdf.SetXmpMetadata(metadata(title, at))
	profile, err := assets.ReadFile("assets/sRGB2014.icc")
	if err != nil {
		return nil, fmt.Errorf("print: colour profile: %w", err)
	}
	d.pdf.AddOutputIntent(fpdf.OutputIntentType{
		SubtypeIdent: fpdf.OutputIntent_GTS_PDFA1, OutputConditionIdentifier: "sRGB", Info: "sRGB", ICCProfile: profile,
	})
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("print: write: %w", err)
	}
	return patch(b.Bytes())
}

// metadata is the XMP packet.
func metadata(title string, at time.Time) []byte {
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(title)) // a bytes.Buffer does not fail
	when := at.Format("2006-01-02T15:04:05")
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>%s</pdf:Producer>
<xmp:CreateDate>%s</xmp:CreateDate>
<xmp:ModifyDate>%s</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`, "\ufeff", escaped.Bytes(), producer, when, when)
}

var infoReference = regexp.MustCompile(`/Info (\d+) 0 R\n`)

// patch mends two faults of fpdf 0.12.0 with an output intent: /Info names the colour profile instead of
// the object before it, and /ID is missing. Both stand behind the cross-reference table, so no offset
// changes. The version in the header becomes 1.7, on which PDF/A-2 is built.
func patch(pdf []byte) ([]byte, error) {
	at := bytes.LastIndex(pdf, []byte("\ntrailer\n"))
	if at < 0 || !bytes.HasPrefix(pdf, []byte("%PDF-1.")) {
		return nil, fmt.Errorf("print: unexpected file structure")
	}
	sum := sha256.Sum256(pdf)
	id := hex.EncodeToString(sum[:16])
	head, tail := pdf[:at], pdf[at:]
	found := infoReference.FindSubmatch(tail)
	if found == nil {
		return nil, fmt.Errorf("print: no /Info in the trailer")
	}
	profile, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return nil, fmt.Errorf("print: /Info: %w", err)
	}
	tail = infoReference.ReplaceAll(tail, fmt.Appendf(nil, "/Info %d 0 R\n/ID [<%s> <%s>]\n", profile-1, id, id))
	head[len("%PDF-1.")] = '7'
	return append(bytes.Clone(head), tail...), nil
}

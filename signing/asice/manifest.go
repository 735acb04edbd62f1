package asice

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
)

// Namespaces and algorithm of a manifest.
const (
	asicNamespace = "http://uri.etsi.org/02918/v1.2.1#"
	dsigNamespace = "http://www.w3.org/2000/09/xmldsig#"
	sha256URI     = "http://www.w3.org/2001/04/xmlenc#sha256"
)

// Manifest returns META-INF/ASiCManifest.xml for the files: the bytes that the applicant signs. The same
// files in the same order give the same bytes.
//
// Errors: ErrMalformed (no files, a media type that is none, neither content nor digest), ErrName, ErrTooLarge (over
// MaxFiles).
func Manifest(files []File) ([]byte, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: no files", ErrMalformed)
	}
	if len(files) > MaxFiles {
		return nil, fmt.Errorf("%w: %d files", ErrTooLarge, len(files))
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	fmt.Fprintf(&b, "<asic:ASiCManifest xmlns:asic=%q xmlns:ds=%q>\n", asicNamespace, dsigNamespace)
	fmt.Fprintf(&b, "  <asic:SigReference MimeType=%q URI=%q/>\n", signatureType, SignatureName)
	seen := names{}
	for _, f := range files {
		if err := errors.Join(checkName(f.Name), seen.add(f.Name)); err != nil {
			return nil, err
		}
		if _, _, err := mime.ParseMediaType(f.MIME); err != nil {
			return nil, fmt.Errorf("%w: media type", ErrMalformed)
		}
		digest := f.Digest
		if f.Content != nil {
			sum := sha256.Sum256(f.Content)
			digest = sum[:]
		}
		if len(digest) != sha256.Size {
			return nil, fmt.Errorf("%w: no digest", ErrMalformed)
		}
		fmt.Fprintf(&b, "  <asic:DataObjectReference MimeType=\"%s\" URI=\"%s\">\n", escape(f.MIME), escape(encodeURI(f.Name)))
		fmt.Fprintf(&b, "    <ds:DigestMethod Algorithm=%q/>\n", sha256URI)
		fmt.Fprintf(&b, "    <ds:DigestValue>%s</ds:DigestValue>\n", base64.StdEncoding.EncodeToString(digest))
		b.WriteString("  </asic:DataObjectReference>\n")
	}
	b.WriteString("</asic:ASiCManifest>\n")
	return b.Bytes(), nil
}

func escape(s string) string {
	var b bytes.Buffer
	// A bytes.Buffer does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// encodeURI writes a name as a relative reference (RFC 3986); Cyrillic letters and spaces become %xx.
func encodeURI(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// manifest is what a manifest says, in the words of EN 319 162-1 Annex A.4.
type manifest struct {
	XMLName   xml.Name    `xml:"http://uri.etsi.org/02918/v1.2.1# ASiCManifest"`
	Signature []reference `xml:"http://uri.etsi.org/02918/v1.2.1# SigReference"`
	Files     []reference `xml:"http://uri.etsi.org/02918/v1.2.1# DataObjectReference"`
}

type reference struct {
	URI    string `xml:"URI,attr"`
	MIME   string `xml:"MimeType,attr"`
	Method struct {
		Algorithm string `xml:"Algorithm,attr"`
	} `xml:"http://www.w3.org/2000/09/xmldsig# DigestMethod"`
	Digest string `xml:"http://www.w3.org/2000/09/xmldsig# DigestValue"`

	name   string
	digest []byte
}

// parseManifest reads a manifest that anyone may have written.
func parseManifest(b []byte) (*manifest, error) {
	if len(b) > MaxManifest {
		return nil, fmt.Errorf("%w: manifest", ErrTooLarge)
	}
	if err := plainXML(b); err != nil {
		return nil, err
	}
	var m manifest
	if err := xml.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%w: manifest: %w", ErrMalformed, err)
	}
	if len(m.Signature) != 1 || len(m.Files) == 0 {
		return nil, fmt.Errorf("%w: manifest needs one signature and some files", ErrMalformed)
	}
	if len(m.Files) > MaxFiles {
		return nil, fmt.Errorf("%w: files in the manifest", ErrTooLarge)
	}
	var err error
	if m.Signature[0].name, err = decodeURI(m.Signature[0].URI); err != nil {
		return nil, err
	}
	seen := names{}
	for i := range m.Files {
		f := &m.Files[i]
		if f.name, err = decodeURI(f.URI); err != nil {
			return nil, err
		}
		if err := errors.Join(checkName(f.name), seen.add(f.name)); err != nil {
			return nil, err
		}
		if f.Method.Algorithm != sha256URI {
			return nil, fmt.Errorf("%w: digest algorithm", ErrMalformed)
		}
		if f.digest, err = base64.StdEncoding.DecodeString(f.Digest); err != nil || len(f.digest) != sha256.Size {
			return nil, fmt.Errorf("%w: digest value", ErrMalformed)
		}
	}
	return &m, nil
}

// plainXML refuses document types (entities) and deep nesting before anything is built from the XML.
func plainXML(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	for depth := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: manifest: %w", ErrMalformed, err)
		}
		switch token.(type) {
		case xml.Directive:
			return fmt.Errorf("%w: manifest has a document type", ErrMalformed)
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > 16 {
			return fmt.Errorf("%w: manifest nesting", ErrMalformed)
		}
	}
}

// decodeURI reads a relative reference back into a name.
func decodeURI(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || u.Path == "" {
		return "", fmt.Errorf("%w: reference", ErrMalformed)
	}
	return u.Path, nil
}

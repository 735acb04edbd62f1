// Package asice makes and reads the container of a signed request: ASiC-E with CAdES (ETSI EN 319 162-1).
// The applicant signs the manifest, the manifest holds the SHA-256 of each file, so one detached CMS covers
// them all, and any ETSI tool can check the container without us.
//
// The package knows the container only. Whether the signature is good over the manifest's bytes is decided
// by the packages beside this one.
package asice

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names and the media type fixed by EN 319 162-1 §4.4 and Annex A.
const (
	// MediaType of a container; also the content of its first entry.
	MediaType = "application/vnd.etsi.asic-e+zip"
	// ManifestName and SignatureName are where Build puts the signed manifest and its CMS.
	ManifestName  = "META-INF/ASiCManifest.xml"
	SignatureName = "META-INF/signature.p7s" // where our own containers have the signature

	mimetypeName  = "mimetype"
	signatureType = "application/pkcs7-signature"
)

// Limits on what is read and made.
const (
	MaxContainer = 256 << 20 // bytes of the zip, and bytes of all files unpacked
	MaxFiles     = 300       // signed files in a container
	MaxManifest  = 1 << 20   // bytes of the manifest, unpacked
	MaxSignature = 256 << 10 // bytes of the signature, unpacked
	maxName      = 255
	maxDirectory = 1 << 20
)

var (
	// ErrTooLarge means that a limit is exceeded.
	ErrTooLarge = errors.New("asice: too large")
	// ErrMalformed means that the bytes are no container, or one that two readers may understand differently.
	ErrMalformed = errors.New("asice: malformed container")
	// ErrName means a file name that could leave its folder or pass for another.
	ErrName = errors.New("asice: unsafe file name")
	// ErrDigest means that a file is not the one that the manifest names.
	ErrDigest = errors.New("asice: file differs from the manifest")
)

// File is one file of a container.
type File struct {
	Name string // path inside the container, "request.pdf"
	MIME string // media type, e.g. "application/pdf" (RFC 2046)
	// Content or Digest (SHA-256, 32 bytes) is given for Manifest; Content or Open for Build. Open lets a
	// large scan be streamed from its store; it is called once, and its reader closed.
	Content []byte
	Digest  []byte                        // SHA-256 of the content; needed where there is no Content
	Open    func() (io.ReadCloser, error) // the content as a stream, instead of Content; the caller closes it
}

// checkName refuses every name that a file system, a browser or a person could take for something else.
func checkName(name string) error {
	switch {
	case name == "" || len(name) > maxName || !utf8.ValidString(name):
		return fmt.Errorf("%w: empty, too long or not UTF-8", ErrName)
	case strings.ContainsAny(name, "\\:*?\"<>|"):
		return fmt.Errorf("%w: reserved character", ErrName)
	case reserved(name):
		return fmt.Errorf("%w: reserved name", ErrName)
	}
	for _, part := range strings.Split(name, "/") {
		if part == "" || part == "." || part == ".." || strings.HasSuffix(part, " ") || strings.HasSuffix(part, ".") {
			return fmt.Errorf("%w: path", ErrName)
		}
	}
	for _, r := range name {
		// Format characters (category Cf) include the marks that turn the writing direction.
		if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) {
			return fmt.Errorf("%w: invisible character", ErrName)
		}
	}
	return nil
}

// reserved tells whether a name belongs to the container itself.
func reserved(name string) bool {
	lower := strings.ToLower(name)
	return lower == mimetypeName || lower == "meta-inf" || strings.HasPrefix(lower, "meta-inf/")
}

// names finds names that are equal for a file system without upper and lower case.
type names map[string]bool

func (n names) add(name string) error {
	key := strings.ToLower(name)
	if n[key] {
		return fmt.Errorf("%w: twice", ErrName)
	}
	n[key] = true
	return nil
}

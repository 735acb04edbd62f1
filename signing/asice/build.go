package asice

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"io"
)

// dosEpoch is 1 January 1980 in the zip's own form: no clock goes into the container, so the same request
// gives the same bytes.
const dosEpoch = 1<<5 | 1

// Build writes the container: mimetype, the files in the manifest's order of the caller, manifest and
// signature (a detached CMS over the manifest's bytes). Every file is held against the manifest while it
// streams. After an error w holds a piece of a container, which no reader opens.
// Errors: ErrDigest when a file is not the one that was signed; ErrMalformed, ErrName, ErrTooLarge.
func Build(w io.Writer, manifest []byte, signature []byte, files ...File) error {
	m, err := parseManifest(manifest)
	if err != nil {
		return err
	}
	if m.Signature[0].name != SignatureName {
		return fmt.Errorf("%w: signature elsewhere", ErrMalformed)
	}
	if len(signature) == 0 || len(signature) > MaxSignature {
		return fmt.Errorf("%w: signature of %d bytes", ErrTooLarge, len(signature))
	}
	digests := make(map[string][]byte, len(m.Files))
	for _, f := range m.Files {
		digests[f.name] = f.digest
	}
	z := zip.NewWriter(w)
	if err := addMimetype(z); err != nil {
		return err
	}
	for _, f := range files {
		want, ok := digests[f.Name]
		if !ok {
			return fmt.Errorf("%w: a file is not in it", ErrDigest)
		}
		delete(digests, f.Name)
		if err := addFile(z, f, want); err != nil {
			return err
		}
	}
	if len(digests) > 0 {
		return fmt.Errorf("%w: %d files are missing", ErrDigest, len(digests))
	}
	for _, e := range []File{{Name: ManifestName, Content: manifest}, {Name: SignatureName, Content: signature}} {
		if err := addEntry(z, e.Name, bytes.NewReader(e.Content)); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("asice: close container: %w", err)
	}
	return nil
}

// addMimetype writes the first entry stored, without extra field and data descriptor, so that the media
// type stands at byte 38 of the file (EN 319 162-1 Annex A.1).
func addMimetype(z *zip.Writer) error {
	content := []byte(MediaType)
	size := uint64(len(content))
	w, err := z.CreateRaw(&zip.FileHeader{
		//lint:ignore SA1019 Modified would add an extra field, which EN 319 162-1 A.1 forbids in this entry
		Name: mimetypeName, Method: zip.Store, ModifiedDate: dosEpoch,
		CRC32: crc32.ChecksumIEEE(content), CompressedSize64: size, UncompressedSize64: size,
	})
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil {
		return fmt.Errorf("asice: write mimetype: %w", err)
	}
	return nil
}

// addFile streams one file and compares its digest.
func addFile(z *zip.Writer, f File, want []byte) error {
	content := io.ReadCloser(io.NopCloser(bytes.NewReader(f.Content)))
	if f.Open != nil {
		var err error
		if content, err = f.Open(); err != nil {
			return fmt.Errorf("asice: open a file: %w", err)
		}
	}
	defer content.Close()
	sum := sha256.New()
	if err := addEntry(z, f.Name, io.TeeReader(content, sum)); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return ErrDigest
	}
	return nil
}

func addEntry(z *zip.Writer, name string, content io.Reader) error {
	//lint:ignore SA1019 the same bytes for the same container: no time but the earliest that the format knows
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, ModifiedDate: dosEpoch}
	h.SetMode(0o644) // also says "made on Unix": common unzip programs read UTF-8 names only then
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = io.Copy(w, content)
	}
	if err != nil {
		return fmt.Errorf("asice: write a file: %w", err)
	}
	return nil
}

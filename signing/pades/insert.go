package pades

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
)

// Open takes up a stored file that Prepare made.
// Errors: ErrNotPrepared when it has no signature field, several, a filled one, or bytes after it.
func Open(preparedPDF []byte) (*Prepared, error) {
	found, err := Signatures(preparedPDF)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 || found[0].CMS != nil || !found[0].CoversWholeFile {
		return nil, ErrNotPrepared
	}
	return &Prepared{pdf: preparedPDF, ranges: found[0].ByteRange}, nil
}

// Insert puts a CMS into a prepared file and returns the signed file; preparedPDF is left as it is. What is in
// the file cannot be taken out again: a CMS that is over another file is refused. Whether it is good, the
// caller has had judged before.
// Errors: ErrNotPrepared, ErrNotCMS, ErrTooLarge when the room is too small, ErrOtherFile.
func Insert(preparedPDF []byte, message []byte) ([]byte, error) {
	p, err := Open(preparedPDF)
	if err != nil {
		return nil, err
	}
	n, err := elementLength(message)
	if err != nil {
		return nil, err
	}
	if n != len(message) {
		return nil, fmt.Errorf("%w: %d bytes after it", ErrNotCMS, len(message)-n)
	}
	start, end := p.ranges[1]+1, p.ranges[2]-1 // without the brackets
	if int64(hex.EncodedLen(len(message))) > end-start {
		return nil, fmt.Errorf("%w: CMS of %d bytes", ErrTooLarge, len(message))
	}
	if err := isOver(message, p.SignedBytes()); err != nil {
		return nil, err
	}
	out := append([]byte(nil), preparedPDF...)
	hex.Encode(out[start:], message)
	return out, nil
}

// isOver holds the messageDigest of each signer against the content (RFC 5652 §5.4, §11.2). PAdES demands signed
// attributes (EN 319 142-1 §6.3), so each has one.
func isOver(message, content []byte) error {
	der, err := cms.Decode(message)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotCMS, err)
	}
	m, err := cms.Parse(der)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotCMS, err)
	}
	if len(m.Signers) == 0 {
		return fmt.Errorf("%w: nobody signed", ErrOtherFile)
	}
	for i := range m.Signers {
		s := &m.Signers[i]
		h, err := algorithms.NewHash(algorithms.Identifier{OID: s.DigestAlgorithm.OID, Parameters: s.DigestAlgorithm.Parameters})
		if err != nil {
			return fmt.Errorf("%w: digest: %w", ErrOtherFile, err)
		}
		h.Write(content)
		stated, err := messageDigest(s)
		if err != nil {
			return err
		}
		if !bytes.Equal(h.Sum(nil), stated) {
			return ErrOtherFile
		}
	}
	return nil
}

func messageDigest(s *cms.SignerInfo) ([]byte, error) {
	attributes, err := s.SignedAttributes()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotCMS, err)
	}
	for _, a := range attributes {
		if a.Type.Equal(cms.OIDMessageDigest) && len(a.Values) == 1 {
			digest, err := cms.OctetString(a.Values[0])
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNotCMS, err)
			}
			return digest, nil
		}
	}
	return nil, fmt.Errorf("%w: no messageDigest", ErrOtherFile)
}

package cms

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
)

// Decode takes a message as programs hand it over (PEM with the label CMS or PKCS7, bare base64,
// or DER/BER) and returns its DER, bounded and normalised. NCALayer answers with PEM or base64
// depending on its version, so all are accepted everywhere.
//
// Errors: ErrTooLarge, ErrTooDeep, ErrMalformed.
func Decode(message []byte) ([]byte, error) {
	if len(message) > 0 && message[0] == tagSequence {
		return Normalise(message)
	}
	if len(message) > MaxEncodedSize {
		return nil, ErrTooLarge
	}
	text := bytes.TrimSpace(message)
	if len(text) == 0 {
		return nil, malformed("empty message")
	}
	if bytes.HasPrefix(text, []byte("-----BEGIN ")) {
		return decodePEM(text)
	}
	return decodeBase64(text)
}

func decodePEM(text []byte) ([]byte, error) {
	block, rest := pem.Decode(text)
	if block == nil {
		return nil, malformed("broken PEM")
	}
	if block.Type != "CMS" && block.Type != "PKCS7" {
		return nil, malformed("PEM label is neither CMS nor PKCS7")
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, malformed("bytes after the PEM block")
	}
	return Normalise(block.Bytes)
}

func decodeBase64(text []byte) ([]byte, error) {
	compact := make([]byte, 0, len(text))
	for _, b := range text {
		switch {
		case b == ' ', b == '\t', b == '\r', b == '\n':
		case b < '+' || b > 'z': // a file of another kind, a PDF by its first byte, need not be read to its end
			return nil, malformed("neither DER nor PEM nor base64")
		default:
			compact = append(compact, b)
		}
	}
	der := make([]byte, base64.StdEncoding.DecodedLen(len(compact)))
	n, err := base64.StdEncoding.Strict().Decode(der, compact)
	if err != nil {
		return nil, malformed("neither DER nor PEM nor base64")
	}
	return Normalise(der[:n])
}

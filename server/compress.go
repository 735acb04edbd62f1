package server

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// smallest is the size from which packing an answer is worth it.
const smallest = 1024

// replyPublic writes a JSON answer that is the same for everybody, packed for whoever takes it packed. Only such answers are: they hold no
// secret and nothing of the reader's. What belongs to somebody is sent as it is, because the length of a packed answer tells of its
// content when a stranger can make the reader's browser ask (BREACH).
func replyPublic(c *gin.Context, status int, body any) error {
	encoded, err := encode(c, body)
	if err != nil {
		return err
	}
	c.Header("Vary", "Accept-Encoding")
	if len(encoded) > smallest && accepts(c.GetHeader("Accept-Encoding"), "gzip") {
		if encoded, err = packed(encoded); err != nil {
			return err
		}
		c.Header("Content-Encoding", "gzip")
	}
	return replyEncoded(c, status, encoded)
}

func packed(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	return b.Bytes(), nil
}

// accepts reads Accept-Encoding (RFC 9110 §12.5.3): named, and not with q=0.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q = strings.ReplaceAll(q, " ", "")
			value, err := strconv.ParseFloat(strings.TrimPrefix(strings.ToLower(q), "q="), 64)
			return q == "" || (err == nil && value > 0)
		}
	}
	return false
}

package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/fault"
)

// reply writes a JSON answer, which no cache may keep.
func reply(c *gin.Context, status int, body any) error {
	encoded, err := encode(c, body)
	if err != nil {
		return err
	}
	return replyEncoded(c, status, encoded)
}

func encode(c *gin.Context, body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(true)
	if err := e.Encode(body); err != nil {
		return nil, fmt.Errorf("encode %s: %w", c.FullPath(), err)
	}
	return b.Bytes(), nil
}

func replyEncoded(c *gin.Context, status int, encoded []byte) error {
	c.Header("Content-Type", "application/json")
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Length", strconv.Itoa(len(encoded)))
	c.Status(status)
	_, err := c.Writer.Write(encoded)
	return ignoreGone(c, err)
}

// done answers 204.
func done(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}

// file is a document to be handed out.
type file struct {
	Name   string // as the reader's computer shall call it
	MIME   string
	Bytes  []byte
	Inline bool // may be shown in a page of ours; PDFs only
}

// replyFile hands a document out: as a download, or, if asked and a PDF, for the portal's own preview. Never as a page of ours (I24).
func replyFile(c *gin.Context, f file) error {
	disposition := "attachment"
	if f.Inline && f.MIME == "application/pdf" {
		disposition = "inline"
		// The browser's viewer is not content of ours, and "sandbox" would keep it from running; nothing else may run.
		c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'")
		c.Header("X-Frame-Options", "SAMEORIGIN")
	} else {
		c.Header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	}
	value := mime.FormatMediaType(disposition, map[string]string{"filename": f.Name})
	if value == "" {
		value = disposition
	}
	c.Header("Content-Disposition", value)
	c.Header("Content-Type", f.MIME)
	c.Header("Content-Length", strconv.Itoa(len(f.Bytes)))
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	_, err := c.Writer.Write(f.Bytes)
	return ignoreGone(c, err)
}

// replyWritten hands out a document that is written as it goes. When the writing fails the connection is broken, so that nobody takes half a
// document for a whole one.
func replyWritten(c *gin.Context, name, kind string, write func(io.Writer) error) error {
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Header("Content-Type", kind)
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	if err := write(c.Writer); err != nil {
		e := eventOf(c)
		e.err, e.cut = err, true
		panic(http.ErrAbortHandler)
	}
	return nil
}

// ignoreGone notes in the log event that the client left; nobody is there to be told.
func ignoreGone(c *gin.Context, err error) error {
	if err != nil {
		eventOf(c).err = err
	}
	return nil
}

// pathID reads a UUID from the path. What is no UUID names nothing, exactly as a UUID that nobody has (I19).
func pathID(c *gin.Context, name string) (uuid.UUID, error) {
	raw := c.Param(name)
	if len(raw) != 36 {
		return uuid.Nil, fault.NotFound(codeNotFound)
	}
	id, err := uuid.Parse(raw)
	if err != nil {
		return uuid.Nil, fault.NotFound(codeNotFound)
	}
	return id, nil
}

package server

import (
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
)

// Resumable uploads speak tus 1.0, core and creation: a cut connection costs what had not arrived, nothing more.
const (
	tusVersion  = "1.0.0"
	tusBodyType = "application/offset+octet-stream"
)

// tus requires the protocol's version on both sides.
func tus(c *gin.Context) error {
	c.Header("Tus-Resumable", tusVersion)
	if c.GetHeader("Tus-Resumable") != tusVersion {
		c.Header("Tus-Version", tusVersion)
		return fault.Malformed("tus_version").With("version", tusVersion)
	}
	return nil
}

func (s *Server) createUpload(c *gin.Context) error {
	if err := tus(c); err != nil {
		return err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(c.GetHeader("Upload-Length"), 10, 64)
	if err != nil {
		return fault.Malformed("upload_length")
	}
	told, err := uploadMetadata(c.GetHeader("Upload-Metadata"))
	if err != nil {
		return err
	}
	up, err := s.Applications.BeginUpload(c.Request.Context(), actor(c), id, told["slot"], told["filename"], size)
	if err != nil {
		return err
	}
	c.Header("Location", "/api/uploads/"+up.ID.String())
	c.Header("Upload-Expires", up.ExpiresAt.Format(http.TimeFormat))
	c.Status(http.StatusCreated)
	c.Writer.WriteHeaderNow()
	return nil
}

// uploadMetadata reads "key base64,key base64".
func uploadMetadata(header string) (map[string]string, error) {
	malformed := fault.Malformed("upload_metadata")
	if len(header) > 4096 {
		return nil, malformed
	}
	told := map[string]string{}
	for _, pair := range strings.Split(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		decoded, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return nil, malformed
		}
		told[key] = string(decoded)
	}
	return told, nil
}

func (s *Server) getUploadOffset(c *gin.Context) error {
	if err := tus(c); err != nil {
		return err
	}
	id, err := pathID(c, "uploadId")
	if err != nil {
		return err
	}
	up, err := s.Applications.ReadUpload(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	c.Header("Upload-Offset", strconv.FormatInt(up.Received, 10))
	c.Header("Upload-Length", strconv.FormatInt(up.Size, 10))
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	c.Writer.WriteHeaderNow()
	return nil
}

func (s *Server) appendUpload(c *gin.Context) error {
	if err := tus(c); err != nil {
		return err
	}
	id, err := pathID(c, "uploadId")
	if err != nil {
		return err
	}
	if t, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || t != tusBodyType {
		return fault.Malformed("content_type").With("expected", tusBodyType)
	}
	offset, err := strconv.ParseInt(c.GetHeader("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return fault.Malformed("upload_offset_missing")
	}
	up, err := s.Applications.Append(c.Request.Context(), actor(c), id, offset, c.Request.Body)
	if err != nil {
		return err
	}
	c.Header("Upload-Offset", strconv.FormatInt(up.Received, 10))
	return done(c)
}

func (s *Server) cancelUpload(c *gin.Context) error {
	if err := tus(c); err != nil {
		return err
	}
	id, err := pathID(c, "uploadId")
	if err != nil {
		return err
	}
	if err := s.Applications.CancelUpload(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return done(c)
}

// replyStream hands out a scan. A picture or PDF may be shown in a frame of ours with everything else shut (I24).
func replyStream(c *gin.Context, name, kind string, size int64, content io.ReadSeeker, inline bool) error {
	disposition := "attachment"
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if inline {
		disposition = "inline"
		c.Header("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'")
		c.Header("X-Frame-Options", "SAMEORIGIN")
	}
	value := mime.FormatMediaType(disposition, map[string]string{"filename": name})
	if value == "" {
		value = disposition
	}
	c.Header("Content-Disposition", value)
	c.Header("Content-Type", kind)
	c.Header("Cache-Control", "no-store")
	// Nothing of it is kept by anybody, so there is nothing to compare with; a part that is not there is answered with the whole, as RFC 9110
	// §14.2 allows, and not with a refusal of another shape than all others.
	for name := range c.Request.Header {
		if strings.HasPrefix(name, "If-") {
			c.Request.Header.Del(name)
		}
	}
	if !onePart(c.GetHeader("Range"), size) {
		c.Request.Header.Del("Range")
	}
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, content)
	return nil
}

// onePart tells whether a Range header asks for one part that a document of this size has.
func onePart(header string, size int64) bool {
	first, last, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	if !ok || !strings.HasPrefix(header, "bytes=") {
		return false
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		return err == nil && n > 0
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 || from >= size {
		return false
	}
	if last == "" {
		return true
	}
	to, err := strconv.ParseInt(last, 10, 64)
	return err == nil && to >= from
}

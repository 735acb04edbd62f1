package server

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
)

// noncePlaceholder stands in the built index.html where the nonce of each answer belongs.
const noncePlaceholder = "__CSP_NONCE__"

// endOfHead stands in the built index.html where a refusal is told.
const endOfHead = "</head>"

const htmlType = "text/html; charset=utf-8"

// pages are the built pages with their compressed forms, each made once, when first asked for.
type pages struct {
	files fs.FS
	index []byte // nil when the pages have not been built

	mu    sync.Mutex
	gzips map[string][]byte
}

func newPages(files fs.FS) (*pages, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	if index != nil && !bytes.Contains(index, []byte(endOfHead)) {
		return nil, errors.New("index.html of the pages has no " + endOfHead)
	}
	return &pages{files: files, index: index, gzips: map[string][]byte{}}, nil
}

// page answers what no route answers: an asset, the page itself for any address of the application, or a problem. Only somebody who asks
// for HTML gets the page, so that a missing asset or a mistyped API address is an honest 404.
func (s *Server) page(c *gin.Context) error {
	p := c.Request.URL.Path
	if p == "/api" || strings.HasPrefix(p, "/api/") || p == "/demo" || strings.HasPrefix(p, "/demo/") && !(p == mailPath && s.showsMail()) {
		return fault.NotFound(codeNotFound)
	}
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return s.methodNotAllowed(c)
	}
	name := strings.TrimPrefix(path.Clean("/"+p), "/")
	if name != "" && name != "index.html" && fs.ValidPath(name) {
		body, err := fs.ReadFile(s.pages.files, name)
		if err == nil {
			return s.asset(c, name, body)
		}
	}
	// The front door itself opens to everybody: to a probe, to curl, to a preview in a messenger.
	if s.pages.index == nil || name != "" && !acceptsHTML(c.GetHeader("Accept")) {
		return fault.NotFound(codeNotFound)
	}
	return s.indexPage(c)
}

func (s *Server) methodNotAllowed(*gin.Context) error {
	return fault.Malformed(codeMethodNotAllowed)
}

// acceptsHTML: browsers name text/html when a person goes to an address; scripts, images and fetches do not.
func acceptsHTML(accept string) bool {
	return strings.Contains(accept, "text/html")
}

func (s *Server) indexPage(c *gin.Context) error {
	c.Header("Cache-Control", "no-cache")
	c.Header("Vary", "Accept")
	return s.write(c, htmlType, s.index(nonceOf(c)))
}

func (s *Server) index(nonce string) []byte {
	return bytes.ReplaceAll(s.pages.index, []byte(noncePlaceholder), []byte(nonce))
}

// opensAddress tells whether a person has opened an address of the API: a document in a window of its own or in a frame of a page of ours.
func (s *Server) opensAddress(c *gin.Context) bool {
	return c.Request.Method == http.MethodGet && s.pages.index != nil && strings.HasPrefix(c.Request.URL.Path, "/api/") &&
		acceptsHTML(c.GetHeader("Accept"))
}

// refusedPage is the page in place of a document that is not handed out: it tells the refusal in the reader's language, which a frame or window
// that was given the problem itself would not, and carries it in its head. It may stand where the document would have stood.
func (s *Server) refusedPage(c *gin.Context, problem []byte) []byte {
	nonce := nonceOf(c)
	h := c.Writer.Header()
	h.Set("Content-Type", htmlType)
	h.Set("Content-Security-Policy", s.contentPolicy(nonce, "'self'"))
	h.Set("X-Frame-Options", "SAMEORIGIN")
	told := `<meta name="problem" content="` + html.EscapeString(string(problem)) + `" />` + endOfHead
	return bytes.Replace(s.index(nonce), []byte(endOfHead), []byte(told), 1)
}

// asset hands out one built file. Files under assets/ carry their hash in the name, so they never change.
func (s *Server) asset(c *gin.Context, name string, body []byte) error {
	cache := "no-cache"
	if strings.HasPrefix(name, "assets/") {
		cache = "public, max-age=31536000, immutable"
	}
	c.Header("Cache-Control", cache)
	c.Header("Vary", "Accept-Encoding")
	mimeType := typeOf(name)
	if !compressible(mimeType) {
		return s.write(c, mimeType, body)
	}
	encodings := c.GetHeader("Accept-Encoding")
	for _, e := range []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(encodings, e.name) {
			continue
		}
		if packed, err := fs.ReadFile(s.pages.files, name+e.ext); err == nil {
			c.Header("Content-Encoding", e.name)
			return s.write(c, mimeType, packed)
		}
	}
	if accepts(encodings, "gzip") && len(body) > smallest {
		packed, err := s.pages.gzipped(name, body)
		if err != nil {
			return err
		}
		c.Header("Content-Encoding", "gzip")
		body = packed
	}
	return s.write(c, mimeType, body)
}

func (s *Server) write(c *gin.Context, mimeType string, body []byte) error {
	c.Header("Content-Type", mimeType)
	c.Header("Content-Length", strconv.Itoa(len(body)))
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	_, err := c.Writer.Write(body)
	return ignoreGone(c, err)
}

func (p *pages) gzipped(name string, body []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if made, ok := p.gzips[name]; ok {
		return made, nil
	}
	compressed, err := packed(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.gzips[name] = compressed
	return compressed, nil
}

// typeOf does not trust the machine's own table of types, which differs from one to the next.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".json", ".webmanifest":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func compressible(mimeType string) bool {
	return strings.HasPrefix(mimeType, "text/") || strings.HasPrefix(mimeType, "application/wasm") ||
		strings.HasPrefix(mimeType, "application/json") || mimeType == "image/svg+xml"
}

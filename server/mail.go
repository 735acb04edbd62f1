package server

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
)

// lettersShown is how many of the newest letters the demo page shows.
const lettersShown = 100

var mailPage = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="kk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Пошта · Почта · Mail</title></head>
<body><main><h1>Пошта · Почта · Mail</h1>
{{range .}}<article><h2>{{.Subject}}</h2><p>{{.To}} · {{.At.Format "2006-01-02 15:04 -07:00"}}</p><pre>{{.Text}}</pre></article>
{{else}}<p>—</p>
{{end}}</main></body></html>
`))

// demoMail shows the letters that demo mode keeps instead of sending.
func (s *Server) demoMail(c *gin.Context) error {
	if s.Demo == nil || s.DemoMail == "" {
		return fault.NotFound(codeNotFound)
	}
	letters, err := s.DemoMail.Latest(lettersShown)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := mailPage.Execute(&b, letters); err != nil {
		return fmt.Errorf("mail page: %w", err)
	}
	c.Header("Cache-Control", "no-store")
	return s.write(c, "text/html; charset=utf-8", b.Bytes())
}

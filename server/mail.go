package server

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
)

// mailPath is the page that shows the letters of demo mode; outside it there is no such page.
const mailPath = "/demo/mail"

// lettersShown is how many of the newest letters the page shows.
const lettersShown = 100

type letterResponse struct {
	ID      string    `json:"id"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// listDemoLetters gives the letters that demo mode keeps instead of sending, the newest first.
func (s *Server) listDemoLetters(c *gin.Context) error {
	if !s.showsMail() {
		return fault.NotFound(codeNotFound)
	}
	kept, err := s.DemoMail.Latest(lettersShown)
	if err != nil {
		return err
	}
	letters := make([]letterResponse, 0, len(kept))
	for _, m := range kept {
		letters = append(letters, letterResponse{m.ID, m.To, m.Subject, m.Text, m.At})
	}
	return reply(c, http.StatusOK, gin.H{"letters": letters})
}

func (s *Server) showsMail() bool { return s.Demo != nil && s.DemoMail != "" }

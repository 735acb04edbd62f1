package server

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// maxNotice bounds a notice of the payment gateway.
const maxNotice = 64 << 10

func (s *Server) payApplication(c *gin.Context) error {
	id, _, err := pressed(c, nil)
	if err != nil {
		return err
	}
	page, err := s.Applications.Pay(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, struct {
		PageURL string `json:"pageUrl"`
	}{page})
}

func (s *Server) refreshPayment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	if err := s.Applications.RefreshPayment(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.replyApplication(c, http.StatusOK, id)
}

// receivePaymentNotice takes the gateway's word over the raw bytes: what is signed is what was sent, never what we made of it (I9).
func (s *Server) receivePaymentNotice(c *gin.Context) error {
	body, err := readBody(c, maxNotice)
	if err != nil {
		return err
	}
	if err := s.Applications.ReceiveNotice(c.Request.Context(), c.Request.Header, body); err != nil {
		return err
	}
	return done(c)
}

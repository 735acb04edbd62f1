package server

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/application"
	"elicensing/server/fault"
)

// keyOf reads the idempotency key that the client made for a press.
func keyOf(c *gin.Context) (string, error) {
	key := c.GetHeader("Idempotency-Key")
	if len(key) < 8 || len(key) > 64 || !printable(key) {
		return "", fault.Malformed("idempotency_key_missing")
	}
	return key, nil
}

func printable(s string) bool {
	for _, b := range []byte(s) {
		if b < '!' || b > '~' {
			return false
		}
	}
	return true
}

// pressed reads the body of a press into a value, nil for none, and gives it as it is told apart from another one.
func pressed(c *gin.Context, into any, most int64) ([]byte, error) {
	if into == nil {
		return nil, noBody(c)
	}
	if err := requireJSON(c); err != nil {
		return nil, err
	}
	body, err := readBody(c, most)
	if err != nil {
		return nil, err
	}
	if err := decodeJSON(body, into); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return nil, fault.Malformed("not_json")
	}
	return compact.Bytes(), nil
}

// created is shown of what was made by the press: 201.
type created struct{ body any }

// once carries out a press and answers it: with what show makes of how things stand then, or, if it was carried out before, with the very bytes
// of that time.
func (s *Server) once(c *gin.Context, body []byte, show func(at *application.Service) (any, error), do func(p application.Press) error) error {
	key, err := keyOf(c)
	if err != nil {
		return err
	}
	p := application.Press{Key: key, What: c.Request.Method + " " + c.Request.URL.Path, Body: body, Reply: func(at *application.Service) (application.PressAnswer, error) {
		shown, err := show(at)
		if err != nil {
			return application.PressAnswer{}, err
		}
		status := http.StatusOK
		if made, ok := shown.(created); ok {
			status, shown = http.StatusCreated, made.body
		}
		body, err := encode(c, shown)
		return application.PressAnswer{Status: status, Body: body}, err
	}}
	answer, err := s.Applications.Once(c.Request.Context(), actor(c), p, do)
	if err != nil {
		return err
	}
	return replyEncoded(c, answer.Status, answer.Body)
}

// act is a press on an application; it is answered with the application as it then stands for this reader.
func (s *Server) act(c *gin.Context, into any, do func(id uuid.UUID, p application.Press) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	body, err := pressed(c, into, maxJSONBody)
	if err != nil {
		return err
	}
	return s.once(c, body, s.applicationNow(c, &id), func(p application.Press) error { return do(id, p) })
}

// applicationNow is the application as it stands for this reader.
func (s *Server) applicationNow(c *gin.Context, id *uuid.UUID) func(at *application.Service) (any, error) {
	return func(at *application.Service) (any, error) {
		view, err := at.Read(c.Request.Context(), actor(c), *id)
		if err != nil {
			return nil, err
		}
		return applicationResponse(view, actor(c)), nil
	}
}

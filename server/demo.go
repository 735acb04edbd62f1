package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
	"elicensing/signing/democa"
)

// Demo is what demo mode offers: people with key files, so that a newcomer really signs with one click. Nothing is bypassed.
type Demo interface {
	People() []DemoPerson
	Key(personID string) (pkcs12 []byte, ok bool)
	Password() string // of every key file
}

// DemoPerson is one of the people that a newcomer may be.
type DemoPerson struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organisation string `json:"organisation,omitempty"`
	Kind         string `json:"kind"`    // person, entity, official, trouble
	Purpose      string `json:"purpose"` // key of the text: person, director, head, expired, …
}

func (s *Server) listDemoPeople(c *gin.Context) error {
	if s.Demo == nil {
		return fault.NotFound(codeNotFound)
	}
	return reply(c, http.StatusOK, gin.H{"people": s.Demo.People(), "password": s.Demo.Password()})
}

func (s *Server) demoKey(c *gin.Context) error {
	if s.Demo == nil {
		return fault.NotFound(codeNotFound)
	}
	key, ok := s.Demo.Key(c.Param("personId"))
	if !ok {
		return fault.NotFound(codeNotFound)
	}
	return replyFile(c, file{Name: "demo.p12", MIME: "application/x-pkcs12", Bytes: key})
}

// DemoOf offers the people of a demo certification authority.
func DemoOf(ca *democa.Authority) Demo { return demoPeople{ca} }

type demoPeople struct{ ca *democa.Authority }

func (d demoPeople) People() []DemoPerson {
	var list []DemoPerson
	for _, p := range democa.People() {
		list = append(list, DemoPerson{ID: p.ID, Name: p.Name(), Organisation: p.Organisation, Kind: p.Group, Purpose: p.Purpose})
	}
	return list
}

func (d demoPeople) Key(personID string) ([]byte, bool) {
	key, err := d.ca.KeyFile(personID)
	return key, err == nil // the only error is that there is no such person
}

func (d demoPeople) Password() string { return democa.Password }

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
	Key(personID string, algorithm KeyAlgorithm) (pkcs12 []byte, ok bool)
	Password() string // of every key file
}

// KeyAlgorithm tells a person's two key files apart, as those of the national authority: everybody has one of each.
type KeyAlgorithm string

const (
	RSAKey  KeyAlgorithm = "rsa"
	GOSTKey KeyAlgorithm = "gost" // GOST 34.10-2015
)

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
	algorithm := KeyAlgorithm(c.DefaultQuery("algorithm", string(RSAKey)))
	if algorithm != RSAKey && algorithm != GOSTKey {
		return fault.Malformed("query").WithField("algorithm", "unknown")
	}
	key, ok := s.Demo.Key(c.Param("personId"), algorithm)
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

func (d demoPeople) Key(personID string, algorithm KeyAlgorithm) ([]byte, bool) {
	open := d.ca.KeyFile
	if algorithm == GOSTKey {
		open = d.ca.GOSTKeyFile
	}
	key, err := open(personID)
	return key, err == nil // the only error is that there is no such person
}

func (d demoPeople) Password() string { return democa.Password }

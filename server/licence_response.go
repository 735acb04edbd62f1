package server

import (
	"fmt"
	"time"

	"elicensing/server/application"
	"elicensing/server/catalog"
	"elicensing/server/licence"
)

type annexRef struct {
	Number   string `json:"number"`
	IssuedOn string `json:"issuedOn"`
}

// publicLicence holds exactly what anyone may know of a licence (I22): the holder's BIN, never a person's IIN.
type publicLicence struct {
	Number        string         `json:"number"`
	Holder        string         `json:"holder"`
	BIN           string         `json:"bin,omitempty"`
	Activity      catalog.Text   `json:"activity"`
	SubActivities []catalog.Text `json:"subActivities"`
	Addresses     []string       `json:"addresses"`
	Annexes       []annexRef     `json:"annexes"`
	IssuedOn      string         `json:"issuedOn"`
	FirstIssuedOn string         `json:"firstIssuedOn"`
	ValidUntil    string         `json:"validUntil,omitempty"`
	Status        licence.Status `json:"status"`
	Licensor      text3          `json:"licensor"`
	AsOf          time.Time      `json:"asOf"`
}

func (s *Server) publicLicence(l licence.Licence) (publicLicence, error) {
	service, err := s.Catalog.Version(l.ServiceCode, l.ServiceVersion)
	if err != nil {
		// A licence outlives its declaration only by our mistake: it must not look like a licence that does not exist.
		return publicLicence{}, fmt.Errorf("declaration of licence %s: %s", l.Number, err.Error())
	}
	authority, err := s.Directory.Authority(l.AuthorityCode)
	if err != nil {
		return publicLicence{}, err
	}
	now := s.Now()
	out := publicLicence{Number: l.Number, Holder: l.HolderName, BIN: l.HolderBIN, Activity: service.Activity, SubActivities: namesOf(l.SubActivities), Addresses: l.Addresses,
		Annexes: []annexRef{{l.AnnexNumber, day(l.IssuedOn)}}, IssuedOn: day(l.IssuedOn), FirstIssuedOn: day(l.FirstIssuedOn), Status: l.StatusOn(s.Calendar.DateOf(now)),
		Licensor: text3{authority.Name.KK, authority.Name.RU, authority.Name.EN}, AsOf: now}
	if l.ValidUntil != nil {
		out.ValidUntil = day(*l.ValidUntil)
	}
	return out, nil
}

func namesOf(items []catalog.Item) []catalog.Text {
	names := make([]catalog.Text, 0, len(items))
	for _, i := range items {
		if i.FullName == (catalog.Text{}) {
			i.FullName = i.Name // entered before the headings were: as its document says it (I17)
		}
		names = append(names, i.FullName)
	}
	return names
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

type signatureAnswer struct {
	Answer       application.Answer `json:"answer"`
	Reason       string             `json:"reason,omitempty"`
	Signer       string             `json:"signer,omitempty"`
	Organisation string             `json:"organisation,omitempty"`
	SignedAt     *time.Time         `json:"signedAt,omitempty"`
}

type registerAnswer struct {
	Answer string                 `json:"answer"`
	Kind   application.ResultKind `json:"kind,omitempty"`
}

type forceAnswer struct {
	Answer string         `json:"answer"`
	Status licence.Status `json:"status,omitempty"`
}

type verdictResponse struct {
	Signature signatureAnswer `json:"signature"`
	Register  registerAnswer  `json:"register"`
	InForce   forceAnswer     `json:"inForce"`
	Licence   *publicLicence  `json:"licence,omitempty"`
	AsOf      time.Time       `json:"asOf"`
}

type myLicence struct {
	Number        string         `json:"number"`
	Service       string         `json:"service"`
	AnnexNumber   string         `json:"annexNumber"`
	IssuedOn      string         `json:"issuedOn"`
	Status        licence.Status `json:"status"`
	ApplicationID string         `json:"applicationId"`
	SubActivities []catalog.Text `json:"subActivities"`
}

package server

import (
	"encoding/base64"
	"time"

	"elicensing/server/application"
	"elicensing/server/catalog"
	"elicensing/server/fault"
)

// medicalActivity is the only service so far.
const medicalActivity = "medical-activity"

// issueResponse is what is wrong with one field of the form, and in which section it is.
type issueResponse struct {
	Path    string         `json:"path"`
	Section string         `json:"section,omitempty"`
	Code    string         `json:"code"`
	Params  map[string]any `json:"params,omitempty"`
}

// issuesOf names the section of each issue, in the edition of the service under which the application was begun.
func issuesOf(service *catalog.Service, fields []fault.Field) []issueResponse {
	list := make([]issueResponse, 0, len(fields))
	for _, f := range fields {
		issue := issueResponse{Path: f.Name, Code: f.Code, Params: f.Params}
		if section, ok := service.SectionOf(f.Name); ok {
			issue.Section = section.ID
		}
		list = append(list, issue)
	}
	return list
}

type savedResponse struct {
	Revision int             `json:"revision"`
	SavedAt  time.Time       `json:"savedAt"`
	Issues   []issueResponse `json:"issues"`
}

type toSignResponse struct {
	Content     string        `json:"content"`
	Digest      string        `json:"digest"`
	SigningTime bool          `json:"signingTime"`
	PreparedAt  time.Time     `json:"preparedAt"`
	Files       []namedDigest `json:"files,omitempty"`
}

type namedDigest struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func toSignOf(to application.ToSign) toSignResponse {
	out := toSignResponse{Content: base64.StdEncoding.EncodeToString(to.Content), Digest: to.Digest, SigningTime: to.SigningTime, PreparedAt: to.PreparedAt}
	for _, f := range to.Files {
		out.Files = append(out.Files, namedDigest(f))
	}
	return out
}

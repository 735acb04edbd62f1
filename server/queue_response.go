package server

import (
	"time"

	"elicensing/server/application"
	"elicensing/server/identity"
)

type queueItem struct {
	ID             string              `json:"id"`
	Number         *string             `json:"number"`
	IncomingNumber *string             `json:"incomingNumber,omitempty"`
	Kind           string              `json:"kind"`
	State          application.State   `json:"state"`
	ApplicantName  string              `json:"applicantName"`
	ApplicantID    string              `json:"applicantId"`
	ExecutorName   string              `json:"executorName,omitempty"`
	Urgency        application.Urgency `json:"urgency"`
	Step           *stepResponse       `json:"step,omitempty"`
	FiledAt        *time.Time          `json:"filedAt,omitempty"`
	DueAt          *time.Time          `json:"dueAt"`
	Mine           bool                `json:"mine"`
	Returned       bool                `json:"returned,omitempty"`
}

type countsResponse struct {
	All     int `json:"all"`
	Mine    int `json:"mine"`
	Overdue int `json:"overdue"`
	Today   int `json:"today"`
	Check   int `json:"check"`
	Sign    int `json:"sign"`
}

type queueResponse struct {
	Items        []queueItem    `json:"items"`
	Counts       countsResponse `json:"counts"`
	Now          time.Time      `json:"now"`
	WorkingUntil time.Time      `json:"workingUntil"`
	Next         string         `json:"next,omitempty"`
}

func (s *Server) queueItemOf(r *application.QueueRow, now time.Time) (queueItem, error) {
	running, err := s.Applications.Running(&r.Application, now)
	if err != nil {
		return queueItem{}, err
	}
	holder := r.ApplicantIIN
	if r.ApplicantBIN != "" {
		holder = r.ApplicantBIN
	}
	return queueItem{r.ID.String(), r.Number, r.IncomingNumber, r.Kind, r.State, r.ApplicantName, holder, r.ExecutorName, r.Urgency, stepOf(running), r.FiledAt, r.DueAt, r.Mine, r.Returned}, nil
}

type executorResponse struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	OpenApplications int    `json:"openApplications"`
}

type incomingResponse struct {
	IncomingNumber    string    `json:"incomingNumber"`
	RegisteredAt      time.Time `json:"registeredAt"`
	ApplicationID     string    `json:"applicationId"`
	ApplicationNumber string    `json:"applicationNumber"`
	ApplicantName     string    `json:"applicantName"`
	RegisteredBy      string    `json:"registeredBy,omitempty"`
}

type processStep struct {
	Action          application.Action  `json:"action"`
	From            application.State   `json:"from"`
	To              application.State   `json:"to"`
	By              identity.Role       `json:"by"`
	Via             application.Channel `json:"via"`
	NormMinutes     int                 `json:"normMinutes,omitempty"`
	NormWorkingDays int                 `json:"normWorkingDays,omitempty"`
	Clause          string              `json:"clause"`
}

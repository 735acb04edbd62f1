package server

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/application"
	"elicensing/server/catalog"
)

type createRequest struct {
	Service       string                `json:"service"`
	Kind          string                `json:"kind"`
	ApplicantKind catalog.ApplicantKind `json:"applicantKind"`
}

type saveRequest struct {
	Revision int             `json:"revision"`
	Answers  json.RawMessage `json:"answers"`
}

type signRequest struct {
	Digest    string `json:"digest"`
	Signature string `json:"signature"`
}

// replyApplication answers with the application as it now stands for this reader.
func (s *Server) replyApplication(c *gin.Context, status int, id uuid.UUID) error {
	view, err := s.Applications.Read(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, status, applicationResponse(view, actor(c)))
}

func (s *Server) listApplications(c *gin.Context) error {
	page, next, err := s.Applications.Mine(c.Request.Context(), actor(c), c.Query("cursor"))
	if err != nil {
		return err
	}
	list := make([]summaryResponse, 0, len(page))
	for i := range page {
		row := &page[i]
		summary := summaryOf(&row.Application, application.ShownState(&row.Application, actor(c)))
		summary.PaymentUnderWay = row.PaymentUnderWay
		list = append(list, summary)
	}
	return reply(c, http.StatusOK, struct {
		Applications []summaryResponse `json:"applications"`
		Next         string            `json:"next,omitempty"`
	}{list, next})
}

func (s *Server) createApplication(c *gin.Context) error {
	var in createRequest
	body, err := pressed(c, &in, maxJSONBody)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var isNew bool
	show := func(at *application.Service) (any, error) {
		shown, err := s.applicationNow(c, &id)(at)
		if isNew && err == nil {
			shown = created{shown}
		}
		return shown, err
	}
	return s.once(c, body, show, func(application.Press) (err error) {
		id, isNew, err = s.Applications.Create(c.Request.Context(), actor(c), application.Begin{Service: in.Service, Kind: in.Kind, ApplicantKind: in.ApplicantKind})
		return err
	})
}

func (s *Server) getApplication(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return s.replyApplication(c, http.StatusOK, id)
}

func (s *Server) discardDraft(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Applications.Discard(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return done(c)
}

func (s *Server) saveAnswers(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var in saveRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	answers, err := catalog.DecodeAnswers(in.Answers)
	if err != nil {
		return err
	}
	saved, err := s.Applications.SaveAnswers(c.Request.Context(), actor(c), id, in.Revision, answers)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, savedResponse{saved.Application.Revision, saved.Application.SavedAt, issuesOf(saved.Service, saved.Issues)})
}

func (s *Server) checkAnswers(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	service, issues, err := s.Applications.Check(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, struct {
		Issues []issueResponse `json:"issues"`
	}{issuesOf(service, issues)})
}

func (s *Server) prepareDocument(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	to, err := s.Applications.PrepareDocument(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, toSignOf(to))
}

func (s *Server) getRequestDraft(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	pdf, err := s.Applications.RequestDraft(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: "request-draft.pdf", MIME: "application/pdf", Bytes: pdf, Inline: true})
}

func (s *Server) signApplication(c *gin.Context) error {
	var in signRequest
	return s.act(c, &in, func(id uuid.UUID, p application.Press) error {
		return s.Applications.Sign(c.Request.Context(), actor(c), id, p, application.Signed{Digest: in.Digest, Signature: in.Signature})
	})
}

func (s *Server) reopenApplication(c *gin.Context) error {
	return s.act(c, nil, func(id uuid.UUID, p application.Press) error {
		return s.Applications.Reopen(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) withdrawApplication(c *gin.Context) error {
	return s.act(c, nil, func(id uuid.UUID, p application.Press) error {
		return s.Applications.Withdraw(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) downloadFile(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	paper, err := s.Applications.Paper(c.Request.Context(), actor(c), id, c.Param("file"))
	if err != nil {
		return err
	}
	if paper.Write != nil {
		return replyWritten(c, paper.Name, paper.MIME, paper.Write)
	}
	return replyFile(c, file{Name: paper.Name, MIME: paper.MIME, Bytes: paper.Data, Inline: c.Query("inline") == "1"})
}

func (s *Server) downloadAttachment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	attachmentID, err := pathID(c, "attachmentId")
	if err != nil {
		return err
	}
	found, f, err := s.Applications.OpenAttachment(c.Request.Context(), actor(c), id, attachmentID)
	if err != nil {
		return err
	}
	defer f.Close()
	return replyStream(c, found.Name, found.MIME, found.Size, f, c.Query("inline") == "1")
}

func (s *Server) removeAttachment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	attachmentID, err := pathID(c, "attachmentId")
	if err != nil {
		return err
	}
	if err := s.Applications.Detach(c.Request.Context(), actor(c), id, attachmentID); err != nil {
		return err
	}
	return done(c)
}

// process is the table that drives every step, as the schemes draw it (RA, S16).
func (s *Server) process(c *gin.Context) error {
	service, err := s.Catalog.Service(medicalActivity)
	if err != nil {
		return err
	}
	list := []processStep{}
	for _, step := range application.Steps(service.Kinds[0]) {
		list = append(list, processStep{step.Action, step.From, step.To, step.By, step.Via, step.Limit.Minutes, step.Limit.WorkingDays, step.Clause})
	}
	return replyPublic(c, http.StatusOK, struct {
		Steps []processStep `json:"steps"`
	}{list})
}

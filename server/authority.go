package server

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/application"
	"elicensing/server/calendar"
	"elicensing/server/fault"
)

type checklistRequest struct {
	Marks []markBody `json:"marks"`
}

type markBody struct {
	Requirement string          `json:"requirement"`
	Met         application.Met `json:"met"`
	Note        string          `json:"note,omitempty"`
}

type refusalRequest struct {
	Grounds []groundBody `json:"grounds"`
}

type groundBody struct {
	Code        string `json:"code"`
	Reason      string `json:"reason"`
	Requirement string `json:"requirement,omitempty"`
	Basis       string `json:"basis,omitempty"`
	Remedy      string `json:"remedy,omitempty"`
}

type returnRequest struct {
	Remarks string `json:"remarks"`
}

// Longest texts of an official, in characters; the contract says the same.
const (
	maxResolution = 2000
	maxReason     = 2000
	maxNote       = 1000
	maxBasis      = 500
)

func (s *Server) getQueue(c *gin.Context) error {
	show := application.Show(c.DefaultQuery("show", string(application.ShowMine)))
	if show != application.ShowMine && show != application.ShowAll && show != application.ShowDone {
		return fault.Malformed("query").WithField("show", "unknown")
	}
	// Names and numbers of people are looked for: they travel in a header, for addresses are kept by proxies.
	words, err := url.PathUnescape(c.GetHeader("Search-Words"))
	if err != nil {
		return fault.Malformed("query").WithField("words", "unknown")
	}
	wanted := application.Wanted{Show: show, Urgency: application.Urgency(c.Query("urgency")), Step: c.Query("step"), Words: words, After: c.Query("cursor")}
	rows, counts, next, err := s.Applications.Queue(c.Request.Context(), actor(c), wanted)
	if err != nil {
		return err
	}
	now := s.Now()
	out := queueResponse{Items: make([]queueItem, 0, len(rows)), Next: next, Now: now, WorkingUntil: s.closing(now),
		Counts: countsResponse(counts)}
	for i := range rows {
		item, err := s.queueItemOf(&rows[i], now)
		if err != nil {
			return err
		}
		out.Items = append(out.Items, item)
	}
	return reply(c, http.StatusOK, out)
}

// closing is when the authority closes today, or now on a day off.
func (s *Server) closing(now time.Time) time.Time {
	schedule := s.Calendar.Authority()
	day := s.Calendar.DateOf(now)
	if d, err := s.Calendar.Day(day, schedule.Week); err != nil || d.Kind != calendar.Working {
		return now
	}
	last := schedule.Periods[len(schedule.Periods)-1].Close
	return time.Date(day.Year, day.Month, day.Day, last/60, last%60, 0, 0, s.Calendar.Zone())
}

func (s *Server) listExecutors(c *gin.Context) error {
	found, err := s.Applications.Executors(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	list := make([]executorResponse, 0, len(found))
	for _, e := range found {
		list = append(list, executorResponse{e.ID.String(), e.Name, e.OpenApplications})
	}
	return reply(c, http.StatusOK, struct {
		Executors []executorResponse `json:"executors"`
	}{list})
}

func (s *Server) getIncomingJournal(c *gin.Context) error {
	rows, next, err := s.Applications.IncomingJournal(c.Request.Context(), actor(c), c.Query("cursor"))
	if err != nil {
		return err
	}
	entries := make([]incomingResponse, 0, len(rows))
	for _, r := range rows {
		entries = append(entries, incomingResponse{r.IncomingNumber, r.RegisteredAt, r.ID.String(), r.Number, r.ApplicantName, r.RegisteredBy})
	}
	return reply(c, http.StatusOK, struct {
		Entries []incomingResponse `json:"entries"`
		Next    string             `json:"next,omitempty"`
	}{entries, next})
}

func (s *Server) getJournal(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	page, next, err := s.Applications.Journal(c.Request.Context(), actor(c), id, c.Query("cursor"))
	if err != nil {
		return err
	}
	events := make([]historyEvent, 0, len(page))
	for _, e := range page {
		events = append(events, historyEvent{e.At, e.Action, e.ActorRole, e.ActorName, e.Details})
	}
	return reply(c, http.StatusOK, struct {
		Events []historyEvent `json:"events"`
		Next   string         `json:"next,omitempty"`
	}{events, next})
}

func (s *Server) registerApplication(c *gin.Context) error {
	return s.act(c, nil, func(id uuid.UUID, p application.Press) error {
		return s.Applications.Register(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) confirmComplete(c *gin.Context) error {
	return s.act(c, nil, func(id uuid.UUID, p application.Press) error {
		return s.Applications.ConfirmComplete(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) saveChecklist(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var in checklistRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	marks := make([]application.Mark, 0, len(in.Marks))
	for _, m := range in.Marks {
		if m.Met != application.MetYes && m.Met != application.MetNo && m.Met != application.Unmarked {
			return fault.Malformed("body_not_as_expected").WithField("marks", "unknown")
		}
		if tooLong(m.Note, maxNote) {
			return fault.Invalid("too_long").WithField("marks", "too_long")
		}
		marks = append(marks, application.Mark{Requirement: m.Requirement, Met: m.Met, Note: m.Note})
	}
	if err := s.Applications.SaveChecklist(c.Request.Context(), actor(c), id, marks); err != nil {
		return err
	}
	return s.replyApplication(c, http.StatusOK, id)
}

func (s *Server) prepareLicence(c *gin.Context) error {
	return s.act(c, nil, func(id uuid.UUID, p application.Press) error {
		return s.Applications.PrepareLicence(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) prepareRefusal(c *gin.Context) error {
	var in refusalRequest
	return s.act(c, &in, func(id uuid.UUID, p application.Press) error {
		grounds, err := groundsOf(in)
		if err != nil {
			return err
		}
		return s.Applications.PrepareRefusal(c.Request.Context(), actor(c), id, p, grounds)
	})
}

func (s *Server) previewRefusal(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var in refusalRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	grounds, err := groundsOf(in)
	if err != nil {
		return err
	}
	pdf, err := s.Applications.PreviewRefusal(c.Request.Context(), actor(c), id, grounds)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: "refusal-draft.pdf", MIME: "application/pdf", Bytes: pdf, Inline: true})
}

func groundsOf(in refusalRequest) ([]application.Ground, error) {
	if len(in.Grounds) > 7 {
		return nil, fault.Invalid("grounds_invalid").WithField("grounds", "too_many_grounds")
	}
	grounds := make([]application.Ground, 0, len(in.Grounds))
	for _, g := range in.Grounds {
		if tooLong(g.Reason, maxReason) || tooLong(g.Basis, maxBasis) || tooLong(g.Remedy, maxNote) {
			return nil, fault.Invalid("grounds_invalid").WithField("grounds", "too_long")
		}
		grounds = append(grounds, application.Ground(g))
	}
	return grounds, nil
}

func (s *Server) returnDecision(c *gin.Context) error {
	var in returnRequest
	return s.act(c, &in, func(id uuid.UUID, p application.Press) error {
		if tooLong(in.Remarks, maxReason) {
			return fault.Invalid("too_long").WithField("remarks", "too_long")
		}
		return s.Applications.ReturnDecision(c.Request.Context(), actor(c), id, p, in.Remarks)
	})
}

func (s *Server) prepareResult(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	to, err := s.Applications.PrepareResult(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, toSignOf(to))
}

func (s *Server) getResultDraft(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	pdf, err := s.Applications.ResultDraft(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: "result-draft.pdf", MIME: "application/pdf", Bytes: pdf, Inline: true})
}

func (s *Server) signResult(c *gin.Context) error {
	var in signRequest
	return s.act(c, &in, func(id uuid.UUID, p application.Press) error {
		return s.Applications.SignResult(c.Request.Context(), actor(c), id, p, application.Signed{Digest: in.Digest, Signature: in.Signature})
	})
}

func tooLong(s string, most int) bool { return len(s) > most && len([]rune(s)) > most }

package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/application"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

func (s *Server) getMoneyDesk(c *gin.Context) error {
	desk, err := s.deskNow(c)(s.Applications)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, desk)
}

// deskNow is what the official must look at about money.
func (s *Server) deskNow(c *gin.Context) func(at *application.Service) (any, error) {
	return func(at *application.Service) (any, error) {
		desk, err := at.Money(c.Request.Context(), actor(c))
		if err != nil {
			return nil, err
		}
		return deskOf(desk), nil
	}
}

// onDesk is a press of an official about money; it is answered with the desk as it then stands.
func (s *Server) onDesk(c *gin.Context, name string, do func(ctx context.Context, who identity.Actor, id uuid.UUID, p application.Press) error) error {
	id, err := pathID(c, name)
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	return s.once(c, nil, s.deskNow(c), func(p application.Press) error { return do(c.Request.Context(), actor(c), id, p) })
}

// withRemark is onDesk with a text of the official's.
func (s *Server) withRemark(c *gin.Context, name string, do decided) error {
	return s.written(c, name, &remarkRequest{}, do)
}

// decided carries an act of an official's out, with what he wrote about it.
type decided func(ctx context.Context, who identity.Actor, id uuid.UUID, remark string, p application.Press) error

// written is onDesk with a body that holds a text of the official's.
func (s *Server) written(c *gin.Context, name string, in interface{ remark() string }, do decided) error {
	id, err := pathID(c, name)
	if err != nil {
		return err
	}
	body, err := pressed(c, in, maxJSONBody)
	if err != nil {
		return err
	}
	text, err := remarkOf(in.remark())
	if err != nil {
		return err
	}
	return s.once(c, body, s.deskNow(c), func(p application.Press) error { return do(c.Request.Context(), actor(c), id, text, p) })
}

func remarkOf(written string) (string, error) {
	text := strings.TrimSpace(written)
	if text == "" || len([]rune(text)) > maxRemark {
		return "", fault.Invalid("remarks_missing").WithField("remark", "required")
	}
	return text, nil
}

func (s *Server) getReceiptScan(c *gin.Context) error {
	id, err := pathID(c, "receiptId")
	if err != nil {
		return err
	}
	paper, err := s.Applications.ReceiptScan(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: paper.Name, MIME: paper.MIME, Bytes: paper.Data})
}

// remarkRequest is the one text that an official gives with an act about money.
type remarkRequest struct {
	Remark string `json:"remark"`
}

func (r *remarkRequest) remark() string { return r.Remark }

// maxRemark bounds it, in letters.
const maxRemark = 1000

// closeRequest says how a case ends, and why.
type closeRequest struct {
	Outcome string `json:"outcome"`
	Remark  string `json:"remark"`
}

func (r *closeRequest) remark() string { return r.Remark }

func (s *Server) confirmReceipt(c *gin.Context) error {
	return s.onDesk(c, "receiptId", s.Applications.ConfirmReceipt)
}

func (s *Server) rejectReceipt(c *gin.Context) error {
	return s.withRemark(c, "receiptId", s.Applications.RejectReceipt)
}

func (s *Server) refundCase(c *gin.Context) error {
	return s.onDesk(c, "caseId", s.Applications.RefundCase)
}

func (s *Server) acceptCase(c *gin.Context) error {
	return s.withRemark(c, "caseId", s.Applications.AcceptCase)
}

func (s *Server) closeCase(c *gin.Context) error {
	var in closeRequest
	return s.written(c, "caseId", &in, func(ctx context.Context, who identity.Actor, id uuid.UUID, remark string, p application.Press) error {
		return s.Applications.CloseCase(ctx, who, id, in.Outcome, remark, p)
	})
}

func (s *Server) declineRefund(c *gin.Context) error {
	return s.withRemark(c, "refundId", s.Applications.DeclineRefund)
}

func (s *Server) prepareCertificate(c *gin.Context) error {
	id, err := pathID(c, "refundId")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	var to application.ToSign
	show := func(*application.Service) (any, error) { return toSignOf(to), nil }
	return s.once(c, nil, show, func(application.Press) (err error) {
		to, err = s.Applications.PrepareCertificate(c.Request.Context(), actor(c), id)
		return err
	})
}

func (s *Server) getCertificateDraft(c *gin.Context) error {
	id, err := pathID(c, "refundId")
	if err != nil {
		return err
	}
	pdf, err := s.Applications.CertificateDraft(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: "non-submission-draft.pdf", MIME: "application/pdf", Bytes: pdf, Inline: true})
}

func (s *Server) signCertificate(c *gin.Context) error {
	id, err := pathID(c, "refundId")
	if err != nil {
		return err
	}
	var in signRequest
	body, err := pressed(c, &in, maxJSONBody)
	if err != nil {
		return err
	}
	return s.once(c, body, s.deskNow(c), func(p application.Press) error {
		return s.Applications.SignCertificate(c.Request.Context(), actor(c), id, p, application.Signed{Digest: in.Digest, Signature: in.Signature})
	})
}

func (s *Server) exportPayments(c *gin.Context) error {
	paper, err := s.Applications.ExportPayments(c.Request.Context(), actor(c), c.Query("from"), c.Query("to"))
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: paper.Name, MIME: paper.MIME, Bytes: paper.Data})
}

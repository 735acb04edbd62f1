package server

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"elicensing/server/application"
	"elicensing/server/fault"
)

func (s *Server) getMoneyDesk(c *gin.Context) error {
	desk, err := s.Applications.Money(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, deskOf(desk))
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

func (s *Server) confirmReceipt(c *gin.Context) error {
	id, err := pathID(c, "receiptId")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	if err := s.Applications.ConfirmReceipt(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.getMoneyDesk(c)
}

// remarkRequest is the one text that an official gives with an act about money.
type remarkRequest struct {
	Remark string `json:"remark"`
}

// maxRemark bounds it, in letters.
const maxRemark = 1000

func (s *Server) remark(c *gin.Context) (string, error) {
	var in remarkRequest
	if err := decode(c, &in); err != nil {
		return "", err
	}
	text := strings.TrimSpace(in.Remark)
	if text == "" || len([]rune(text)) > maxRemark {
		return "", fault.Invalid("remarks_missing").WithField("remark", "required")
	}
	return text, nil
}

func (s *Server) rejectReceipt(c *gin.Context) error {
	id, err := pathID(c, "receiptId")
	if err != nil {
		return err
	}
	text, err := s.remark(c)
	if err != nil {
		return err
	}
	if err := s.Applications.RejectReceipt(c.Request.Context(), actor(c), id, text); err != nil {
		return err
	}
	return s.getMoneyDesk(c)
}

func (s *Server) refundCase(c *gin.Context) error {
	id, err := pathID(c, "caseId")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	if err := s.Applications.RefundCase(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.getMoneyDesk(c)
}

func (s *Server) closeCase(c *gin.Context) error {
	id, err := pathID(c, "caseId")
	if err != nil {
		return err
	}
	text, err := s.remark(c)
	if err != nil {
		return err
	}
	if err := s.Applications.CloseCase(c.Request.Context(), actor(c), id, text); err != nil {
		return err
	}
	return s.getMoneyDesk(c)
}

func (s *Server) prepareCertificate(c *gin.Context) error {
	id, err := pathID(c, "refundId")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	to, err := s.Applications.PrepareCertificate(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, toSignOf(to))
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
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := s.Applications.SignCertificate(c.Request.Context(), actor(c), id, application.Signed{Digest: in.Digest, Signature: in.Signature}); err != nil {
		return err
	}
	return s.getMoneyDesk(c)
}

func (s *Server) exportPayments(c *gin.Context) error {
	paper, err := s.Applications.ExportPayments(c.Request.Context(), actor(c), c.Query("from"), c.Query("to"))
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: paper.Name, MIME: paper.MIME, Bytes: paper.Data})
}

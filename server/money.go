package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/server/application"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// maxNotice bounds a notice of the payment gateway.
const maxNotice = 64 << 10

// payApplication calls the gateway outside any transaction: the answer is kept when it is known, and the same press after a crash asks for the same
// one payment again (I8).
func (s *Server) payApplication(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	var page string
	show := func(*application.Service) (any, error) {
		return struct {
			PageURL string `json:"pageUrl"`
		}{page}, nil
	}
	return s.once(c, nil, show, func(application.Press) (err error) {
		page, err = s.Applications.Pay(c.Request.Context(), actor(c), id)
		return err
	})
}

func (s *Server) refreshPayment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	if err := s.Applications.RefreshPayment(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.replyApplication(c, http.StatusOK, id)
}

// receivePaymentNotice takes the gateway's word over the raw bytes: what is signed is what was sent, never what we made of it (I9).
func (s *Server) receivePaymentNotice(c *gin.Context) error {
	body, err := readBody(c, maxNotice)
	if err != nil {
		return err
	}
	if err := s.Applications.ReceiveNotice(c.Request.Context(), c.Request.Header, body); err != nil {
		return err
	}
	return done(c)
}

// maxReceiptBody bounds a receipt with its scan in base64.
const maxReceiptBody = 8 << 20

type receiptRequest struct {
	Bank    string `json:"bank"`
	Number  string `json:"number"`
	PaidOn  string `json:"paidOn"`
	Amount  string `json:"amount"`
	Content []byte `json:"content"` // base64
}

// attachReceipt takes a bank's receipt with its scan in one go: it is small, and nothing of it is kept without the rest.
func (s *Server) attachReceipt(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var in receiptRequest
	body, err := pressed(c, &in, maxReceiptBody)
	if err != nil {
		return err
	}
	amount, err := payments.ParseTiyn(in.Amount)
	if err != nil {
		return fault.Invalid(payments.ErrReceiptInvalid.Code).WithField("amount", "receipt_invalid")
	}
	return s.once(c, body, s.moneyNow(c, id), func(p application.Press) error {
		return s.Applications.AttachReceipt(c.Request.Context(), actor(c), id, application.BankReceipt{
			Bank: strings.TrimSpace(in.Bank), Number: strings.TrimSpace(in.Number), PaidOn: in.PaidOn, Amount: amount, Content: in.Content,
		}, p)
	})
}

func (s *Server) getMoney(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	money, err := s.moneyNow(c, id)(s.Applications)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, money)
}

// moneyNow is how an application is paid, for its applicant.
func (s *Server) moneyNow(c *gin.Context, id uuid.UUID) func(at *application.Service) (any, error) {
	return func(at *application.Service) (any, error) {
		money, err := at.MoneyOf(c.Request.Context(), actor(c), id)
		if err != nil {
			return nil, err
		}
		return ownMoneyOf(money), nil
	}
}

// giveUpPayment asks for the certificate of non-submission (S7.1).
func (s *Server) giveUpPayment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	return s.once(c, nil, s.moneyNow(c, id), func(p application.Press) error {
		return s.Applications.GiveUp(c.Request.Context(), actor(c), id, p)
	})
}

func (s *Server) listMyPayments(c *gin.Context) error {
	list, err := s.paymentsNow(c)(s.Applications)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, list)
}

// paymentsNow are the payer's own payments.
func (s *Server) paymentsNow(c *gin.Context) func(at *application.Service) (any, error) {
	return func(at *application.Service) (any, error) {
		rows, err := at.MyPayments(c.Request.Context(), actor(c))
		if err != nil {
			return nil, err
		}
		list := make([]paymentResponse, 0, len(rows))
		for _, r := range rows {
			list = append(list, paymentOf(r))
		}
		return struct {
			Payments []paymentResponse `json:"payments"`
		}{list}, nil
	}
}

// giveUpInvoice is giveUpPayment for an invoice whose application has no page for it any more.
func (s *Server) giveUpInvoice(c *gin.Context) error {
	return s.onPayments(c, "invoiceId", s.Applications.GiveUpInvoice)
}

func (s *Server) withdrawRefund(c *gin.Context) error {
	return s.onPayments(c, "refundId", s.Applications.WithdrawRefund)
}

// onPayments is a press of a payer on one of his payments.
func (s *Server) onPayments(c *gin.Context, name string, do func(context.Context, identity.Actor, uuid.UUID, application.Press) error) error {
	id, err := pathID(c, name)
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	return s.once(c, nil, s.paymentsNow(c), func(p application.Press) error { return do(c.Request.Context(), actor(c), id, p) })
}

func (s *Server) getOwnCertificate(c *gin.Context) error {
	id, err := pathID(c, "refundId")
	if err != nil {
		return err
	}
	paper, err := s.Applications.OwnCertificate(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return replyFile(c, file{Name: paper.Name, MIME: paper.MIME, Bytes: paper.Data})
}

package server

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/server/application"
	"elicensing/server/fault"
)

// maxNotice bounds a notice of the payment gateway.
const maxNotice = 64 << 10

func (s *Server) payApplication(c *gin.Context) error {
	id, _, err := pressed(c, nil)
	if err != nil {
		return err
	}
	page, err := s.Applications.Pay(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, struct {
		PageURL string `json:"pageUrl"`
	}{page})
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
	if err := requireJSON(c); err != nil {
		return err
	}
	body, err := readBody(c, maxReceiptBody)
	if err != nil {
		return err
	}
	var in receiptRequest
	if err := decodeJSON(body, &in); err != nil {
		return err
	}
	amount, err := payments.ParseTiyn(in.Amount)
	if err != nil {
		return fault.Invalid(payments.ErrReceiptInvalid.Code).WithField("amount", "receipt_invalid")
	}
	err = s.Applications.AttachReceipt(c.Request.Context(), actor(c), id, application.BankReceipt{
		Bank: strings.TrimSpace(in.Bank), Number: strings.TrimSpace(in.Number), PaidOn: in.PaidOn, Amount: amount, Content: in.Content,
	})
	if err != nil {
		return err
	}
	return s.replyMoney(c, id)
}

func (s *Server) getMoney(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return s.replyMoney(c, id)
}

func (s *Server) replyMoney(c *gin.Context, id uuid.UUID) error {
	money, err := s.Applications.MoneyOf(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, ownMoneyOf(money))
}

// giveUpPayment asks for the certificate of non-submission (S7.1).
func (s *Server) giveUpPayment(c *gin.Context) error {
	id, p, err := pressed(c, nil)
	if err != nil {
		return err
	}
	if err := s.Applications.GiveUp(c.Request.Context(), actor(c), id, p); err != nil {
		return err
	}
	return s.replyMoney(c, id)
}

func (s *Server) listMyPayments(c *gin.Context) error {
	rows, err := s.Applications.MyPayments(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	list := make([]paymentResponse, 0, len(rows))
	for _, r := range rows {
		list = append(list, paymentOf(r))
	}
	return reply(c, http.StatusOK, struct {
		Payments []paymentResponse `json:"payments"`
	}{list})
}

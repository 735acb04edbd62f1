package outbox

import (
	"context"
	"fmt"
	"net/mail"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// KindNotice is a message to the applicant about a new state of the application.
const KindNotice = "notice"

// Notice says what happened. What the letter tells is read when it is sent.
type Notice struct {
	ApplicationID uuid.UUID `json:"applicationId"`
	Event         string    `json:"event"` // the state that was reached
	At            time.Time `json:"at"`
	Invoice       string    `json:"invoice,omitempty"` // number of the invoice, of events about money before an application has a number
}

// Notices writes letters about applications and hands them to a mailer.
type Notices struct {
	DB        *gorm.DB
	Mailer    Mailer
	PortalURL string
}

// Handle is the handler of KindNotice. An event without a letter, and an applicant without an address, send none.
func (n Notices) Handle(ctx context.Context, m Message) error {
	notice, err := decode[Notice](m)
	if err != nil {
		return err
	}
	f, err := n.facts(ctx, notice.ApplicationID)
	if err != nil {
		return err
	}
	to, ok := address(f.Email)
	f.Invoice = notice.Invoice
	if !ok || f.Number == "" && f.Invoice == "" {
		return nil
	}
	link := n.PortalURL + "/applications/" + notice.ApplicationID.String()
	if f.Invoice != "" {
		link = n.PortalURL + "/payments"
	}
	subject, body, ok, err := write(notice.Event, f, link)
	if err != nil || !ok {
		return err
	}
	letter := Mail{ID: fmt.Sprintf("notice-%d", m.ID), To: to, At: notice.At.In(zone), Subject: subject, Text: body}
	if err := n.Mailer.Send(ctx, letter); err != nil {
		return fmt.Errorf("outbox: send notice: %w", err)
	}
	return nil
}

// facts reads what letters may tell, and nothing else: the rules of applications stay in their own package.
func (n Notices) facts(ctx context.Context, id uuid.UUID) (facts, error) {
	var f facts
	err := n.DB.WithContext(ctx).Raw(`
		SELECT coalesce(number, '') AS number, filed_at, due_at, coalesce(incoming_number, '') AS incoming_number, registered_at,
			completeness_closes_at, coalesce(answers->>'email', '') AS email
		FROM applications WHERE id = ?`, id).Scan(&f).Error
	if err != nil {
		return f, fmt.Errorf("outbox: facts of a notice: %w", err)
	}
	return f, nil
}

// address takes only a bare address: what a person typed must not add receivers or headers.
func address(typed string) (string, bool) {
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Name != "" || len(a.Address) > 254 {
		return "", false
	}
	return a.Address, true
}

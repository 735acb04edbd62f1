package outbox

import (
	"time"

	"github.com/google/uuid"
)

// KindNotice is a message to the applicant about a new state of the application.
const KindNotice = "notice"

// Notice says what happened. What the letter tells is read when it is sent.
type Notice struct {
	ApplicationID uuid.UUID `json:"applicationId"`
	Event         string    `json:"event"` // the state that was reached
	At            time.Time `json:"at"`
}

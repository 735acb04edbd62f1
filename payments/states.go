package payments

import "slices"

// InvoiceState is where an invoice stands.
type InvoiceState string

const (
	// InvoiceOpen waits for the money; left by a confirmed payment or by cancelling.
	InvoiceOpen InvoiceState = "open"
	// InvoicePaid has its entry in the ledger. Final.
	InvoicePaid InvoiceState = "paid"
	// InvoiceCancelled was given up before it was paid. Final.
	InvoiceCancelled InvoiceState = "cancelled"
)

// PaymentState is where the one payment of an invoice stands at the gateway.
type PaymentState string

const (
	// StateNone: "pay" was never pressed; the gateway knows nothing of the invoice.
	StateNone PaymentState = ""
	// StateCreated: the gateway has a page for it, or is being asked for one.
	StateCreated PaymentState = "created"
	// StatePending: the payer did his part and the bank has not confirmed yet.
	StatePending PaymentState = "pending"
	// StateRefused: the bank refused the last attempt. The page takes another one.
	StateRefused PaymentState = "refused"
	// StateCancelledByPayer: the payer left the page. It takes another attempt.
	StateCancelledByPayer PaymentState = "cancelled_by_payer"
	// StatePaid: the money was taken. Final.
	StatePaid PaymentState = "paid"
	// StateRefunded: the money was taken and given back. The gateway's word only: an invoice
	// that is paid has filed its application, and is not refunded any more (S7.1).
	StateRefunded PaymentState = "refunded"
	// StateVoided: closed at our request; no money can be taken. Final.
	StateVoided PaymentState = "voided"
)

// Event is what moves an invoice: an act of ours, or what the gateway says.
type Event string

const (
	EventStart           Event = "start"
	EventPending         Event = "gateway_pending"
	EventRefused         Event = "gateway_refused"
	EventCancelledByUser Event = "gateway_cancelled_by_payer"
	EventPaid            Event = "gateway_paid"
	EventVoided          Event = "gateway_voided"
	EventCancel          Event = "cancel"
	// EventAbandon: the payer gives up while the gateway has the money of the one payment, or a receipt was taken back.
	EventAbandon Event = "abandon"
	// EventAccept: a head takes money for the fee in which only payer, purpose or moment differ.
	EventAccept Event = "accept"
)

// Transition is one row of the table: in invoice state In, with the payment in one of
// From, the event leads to InTo and To.
type Transition struct {
	Event  Event
	In     InvoiceState
	From   []PaymentState
	InTo   InvoiceState
	To     PaymentState
	Guard  Guard // what must hold besides
	Clause string
}

// Guard is a condition of a row.
type Guard string

const (
	// NoGuard: nothing besides the states.
	NoGuard Guard = ""
	// GuardRate: the invoice's rate is that of now (checkRate); else ErrRateChanged (I11).
	GuardRate Guard = "rate of now"
	// GuardFits: every field that the gateway names fits the invoice (mismatch); else it is parked (I9).
	GuardFits Guard = "fits the invoice"
	// GuardHeld: the gateway says that it has the money, or that the payment is closed there: no more can be taken.
	GuardHeld Guard = "no more can be taken"
	// GuardAccepted: the sum fits, the gateway has it, and a person decides about the rest (Acceptable).
	GuardAccepted Guard = "a person accepts"
)

// Transitions is all that can happen to an invoice; Draw draws it. What the gateway says outside the
// table changes nothing: it is late or doubled, or, when it speaks of money that we did
// not expect, parked for a person.
//
// StateNone is in the rows of pending, refused and paid because the word of the gateway
// may outrun our own note that we asked it.
var Transitions = []Transition{
	{EventStart, InvoiceOpen, []PaymentState{StateNone}, InvoiceOpen, StateCreated, GuardRate, "S7.2"},
	{EventPending, InvoiceOpen, []PaymentState{StateNone, StateCreated, StateRefused, StateCancelledByPayer}, InvoiceOpen, StatePending, GuardFits, "S7.2"},
	{EventRefused, InvoiceOpen, []PaymentState{StateNone, StateCreated, StatePending, StateRefused, StateCancelledByPayer}, InvoiceOpen, StateRefused, GuardFits, "S7.2"},
	{EventCancelledByUser, InvoiceOpen, []PaymentState{StateNone, StateCreated, StatePending, StateRefused, StateCancelledByPayer}, InvoiceOpen, StateCancelledByPayer, GuardFits, "S7.2"},
	{EventPaid, InvoiceOpen, []PaymentState{StateNone, StateCreated, StatePending, StateRefused, StateCancelledByPayer}, InvoicePaid, StatePaid, GuardFits, "S7.1"},
	{EventVoided, InvoiceOpen, []PaymentState{StateNone, StateCreated, StatePending, StateRefused, StateCancelledByPayer, StateVoided}, InvoiceOpen, StateVoided, GuardFits, "S7.2"},
	{EventCancel, InvoiceOpen, []PaymentState{StateNone}, InvoiceCancelled, StateNone, NoGuard, "R10.3"},
	{EventCancel, InvoiceOpen, []PaymentState{StateVoided}, InvoiceCancelled, StateVoided, NoGuard, "R10.3"},
	{EventAbandon, InvoiceOpen, []PaymentState{StateNone}, InvoiceCancelled, StateNone, GuardHeld, "S7.1"},
	{EventAbandon, InvoiceOpen, []PaymentState{StateCreated, StatePending, StateRefused, StateCancelledByPayer, StateVoided}, InvoiceCancelled, StateVoided, GuardHeld, "S7.1"},
	{EventAccept, InvoiceOpen, []PaymentState{StateNone, StateCreated, StatePending, StateRefused, StateCancelledByPayer}, InvoicePaid, StatePaid, GuardAccepted, "S7.1"},
}

// eventOf names what the gateway says as an event. StateCreated is none: it tells
// nothing that we do not know.
var eventOf = map[PaymentState]Event{
	StatePending:          EventPending,
	StateRefused:          EventRefused,
	StateCancelledByPayer: EventCancelledByUser,
	StatePaid:             EventPaid,
	StateVoided:           EventVoided,
}

// next finds the row for an event.
func next(event Event, in InvoiceState, from PaymentState) (Transition, bool) {
	for _, t := range Transitions {
		if t.Event == event && t.In == in && slices.Contains(t.From, from) {
			return t, true
		}
	}
	return Transition{}, false
}

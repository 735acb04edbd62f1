package mockgateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// payment is an order and how it stands. It is stored whole at each change.
type payment struct {
	ID        string                `json:"id"`
	Token     string                `json:"token"` // opens its page; as secret as the page
	Order     egov.Order            `json:"order"`
	State     payments.PaymentState `json:"state"`
	Version   int64                 `json:"version"`
	SettleAt  *time.Time            `json:"settle_at,omitempty"` // pending: when the bank confirms
	PaidAt    *time.Time            `json:"paid_at,omitempty"`
	Receipt   string                `json:"receipt,omitempty"`
	CreatedAt time.Time             `json:"created_at"`
	// Took is what was taken when a fault of the switchboard made it another amount.
	Took       payments.Tiyn `json:"took,omitempty"`
	RefundedAt *time.Time    `json:"refunded_at,omitempty"`
}

// amount is what was taken, or is to be.
func (p payment) amount() payments.Tiyn {
	if p.Took != 0 {
		return p.Took
	}
	return p.Order.Amount
}

// act is something that happens to a payment.
type act string

const (
	actPay    act = "pay"    // the bank takes the money
	actRefuse act = "refuse" // the bank refuses the card, or the delayed payment
	actLater  act = "later"  // the payer pays elsewhere, the bank will tell
	actCancel act = "cancel" // the payer leaves
	actVoid   act = "void"   // the portal withdraws the order
	actRefund act = "refund" // the portal has the money given back
)

// moves is the gateway's own table: what is not in it does not happen.
var moves = map[act]struct {
	from []payments.PaymentState
	to   payments.PaymentState
}{
	actPay: {[]payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StateCancelledByPayer, payments.StatePending},
		payments.StatePaid},
	actRefuse: {[]payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StateCancelledByPayer, payments.StatePending},
		payments.StateRefused},
	actLater: {[]payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StateCancelledByPayer},
		payments.StatePending},
	actCancel: {[]payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StateCancelledByPayer},
		payments.StateCancelledByPayer},
	actVoid: {[]payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StateCancelledByPayer},
		payments.StateVoided},
	actRefund: {[]payments.PaymentState{payments.StatePaid}, payments.StateRefunded},
}

var (
	errUnknownPayment = errors.New("mockgateway: no such payment")
	errOtherOrder     = errors.New("mockgateway: the reference has another order")
	errNotNow         = errors.New("mockgateway: that cannot happen to the payment as it stands")
	errTooLate        = errors.New("mockgateway: the time to pay has ended")
)

// create gives the payment of an order, a new one only for a new reference.
func (g *Gateway) create(order egov.Order) (p payment, isNew bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if known := g.byReference[order.Reference]; known != nil {
		same := known.Order
		same.ReturnURL = order.ReturnURL
		same.PayBefore = order.PayBefore
		if same != order || !known.Order.PayBefore.Equal(order.PayBefore) {
			return payment{}, false, errOtherOrder
		}
		return *known, false, nil
	}
	if problem := g.checkOrder(order); problem != "" {
		return payment{}, false, badOrder(problem)
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return payment{}, false, fmt.Errorf("mockgateway: make an id: %w", err)
	}
	token, err := uuid.NewRandom()
	if err != nil {
		return payment{}, false, fmt.Errorf("mockgateway: make a token: %w", err)
	}
	p = payment{
		ID: id.String(), Token: token.String(), Order: order,
		State: payments.StateCreated, Version: 1, CreatedAt: g.config.Now().UTC(),
	}
	return p, true, g.keep(p)
}

// do lets an act happen to a payment, if the table allows it and it is not too late.
func (g *Gateway) do(id string, what act) (payment, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.doLocked(id, what)
}

func (g *Gateway) doLocked(id string, what act) (payment, error) {
	known := g.payments[id]
	if known == nil {
		return payment{}, errUnknownPayment
	}
	p, now := *known, g.config.Now().UTC()
	move := moves[what]
	if !slices.Contains(move.from, p.State) {
		return p, errNotNow
	}
	late := !now.Before(p.Order.PayBefore)
	if late && (what == actPay || what == actLater) {
		return p, errTooLate
	}
	p.State, p.SettleAt = move.to, nil
	p.Version++
	switch what {
	case actPay:
		p.PaidAt, p.Receipt = &now, "R-"+p.ID[:8]+"-"+now.Format("20060102150405")
		if g.faults.WrongAmount {
			p.Took = p.Order.Amount + 1
		}
	case actRefund:
		p.RefundedAt = &now
	case actLater:
		at := now.Add(g.config.PayLater)
		p.SettleAt = &at
	}
	if err := g.keep(p); err != nil {
		return *known, err
	}
	return p, nil
}

// keep puts a changed payment and the notice of the change on the disk, then into
// memory. When the disk refuses, nothing has happened.
func (g *Gateway) keep(p payment) error {
	id, err := uuid.NewRandom()
	if err != nil {
		return fmt.Errorf("mockgateway: make an id: %w", err)
	}
	body, err := json.Marshal(egov.Notice{ID: id.String(), Payment: p.message("")})
	if err != nil {
		return fmt.Errorf("mockgateway: write a notice: %w", err)
	}
	r := record{Payment: &p, Notice: &notice{ID: id.String(), Body: string(body)}}
	if err := g.store.append(r); err != nil {
		return err
	}
	g.replay(r)
	g.rouse()
	return nil
}

// replay takes a record of the store into memory.
func (g *Gateway) replay(r record) {
	if r.Payment != nil {
		p := *r.Payment
		g.payments[p.ID], g.byReference[p.Order.Reference], g.byToken[p.Token] = &p, &p, &p
	}
	if r.Notice != nil {
		g.noticed++
		g.outbox[r.Notice.ID] = &outgoing{notice: *r.Notice, position: g.noticed, due: g.config.Now()}
	}
	if r.Delivered != "" {
		delete(g.outbox, r.Delivered)
	}
}

// rouse makes Run look at once.
func (g *Gateway) rouse() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// message is the payment in egov's words; page is its address, left out of notices.
func (p payment) message(page string) egov.Payment {
	return egov.Payment{
		ID: p.ID, PageURL: page, Reference: p.Order.Reference,
		State: p.State, Version: p.Version,
		Amount: p.amount(), Currency: p.Order.Currency,
		BudgetCode: p.Order.Payee.BudgetCode, PurposeCode: p.Order.Payee.PurposeCode,
		PayerID: p.Order.Payer.ID, PaidAt: p.PaidAt, RefundedAt: p.RefundedAt, Receipt: p.Receipt,
	}
}

// Settle lets the bank confirm a payment that was to be paid later, without waiting.
func (g *Gateway) Settle(reference string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.byReference[reference]
	if p == nil {
		return errUnknownPayment
	}
	if p.State != payments.StatePending {
		return errNotNow
	}
	_, err := g.doLocked(p.ID, actPay)
	return err
}

// State tells how the payment of a reference stands in the gateway's own book.
func (g *Gateway) State(reference string) (payments.PaymentState, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.byReference[reference]
	if p == nil {
		return payments.StateNone, false
	}
	return p.State, true
}

// settleDue confirms the delayed payments whose time has come. One whose time to pay
// ended meanwhile is refused: no money may be taken at a rate that has ended.
func (g *Gateway) settleDue() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.config.Now()
	var failed []error
	for id, p := range g.payments {
		if p.SettleAt == nil || now.Before(*p.SettleAt) {
			continue
		}
		_, err := g.doLocked(id, actPay)
		if errors.Is(err, errTooLate) {
			_, err = g.doLocked(id, actRefuse)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

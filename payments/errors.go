package payments

// Error is a refusal of this package with a stable code. The texts that a person reads
// belong to the caller, by code; Error() is for the log. Compare with errors.Is against
// the variables below, or take the code with errors.As.
type Error struct {
	// Code is stable: clients and translations depend on it.
	Code string
	text string
}

func (e *Error) Error() string { return "payments: " + e.text }

// The refusals. None carries personal data.
var (
	ErrInvoiceNotFound = &Error{"invoice_not_found", "no such invoice"}
	// ErrInvoiceExists: the application has an invoice that is open or paid.
	ErrInvoiceExists    = &Error{"invoice_exists", "the application already has an invoice"}
	ErrInvoiceInvalid   = &Error{"invoice_invalid", "the invoice lacks what it needs"}
	ErrAlreadyPaid      = &Error{"invoice_already_paid", "the invoice is paid"}
	ErrInvoiceCancelled = &Error{"invoice_cancelled", "the invoice is cancelled"}
	// ErrPaymentInProcess: the bank has the payment in hand, so that it can be neither
	// withdrawn nor started again until it is known how it ended.
	ErrPaymentInProcess = &Error{"payment_in_process", "the payment is being processed"}
	// ErrPaymentParked: what the gateway says of the payment does not fit the invoice; a
	// person has to look at it first.
	ErrPaymentParked = &Error{"payment_parked", "the payment is parked for a person"}
	// ErrPaymentVoided: the gateway has closed the payment and the invoice is still open
	// (a cancelling that was cut short). Cancel completes it, Reissue replaces it.
	ErrPaymentVoided = &Error{"payment_voided", "the payment was closed at the gateway"}
	// ErrBegunElsewhere: the payment of the invoice is at another gateway.
	ErrBegunElsewhere = &Error{"payment_begun_elsewhere", "the payment was begun at another gateway"}
	// ErrCaseNotFound, ErrCaseClosed: of a case about money.
	ErrCaseNotFound = &Error{"case_not_found", "no such case"}
	ErrCaseClosed   = &Error{"case_closed", "the case is closed"}
	// ErrFeeNotRefundable: the fee filed an application, or is not the gateway's to give back (S7.1).
	ErrFeeNotRefundable = &Error{"fee_not_refundable", "the fee is not refunded"}
	// ErrRefundAsked: the money of the case is on its way back already, by the gateway or by the tax office.
	ErrRefundAsked = &Error{"refund_asked", "a refund is asked for"}
	// ErrRefundUnderWay: the gateway was asked to give the money back, and has not said how that ended.
	ErrRefundUnderWay = &Error{"refund_under_way", "the gateway was asked to give the money back"}
	// ErrMoneyGone: the gateway does not hold that money any more.
	ErrMoneyGone = &Error{"money_gone", "the gateway does not hold the money any more"}
	// ErrOutcomeInvalid: a case about money that is there is closed by saying where it belongs, one about none by the explanation.
	ErrOutcomeInvalid = &Error{"outcome_invalid", "the case cannot be closed like that"}
	// ErrRequisitesMissing: the authority has no codes of budget and tax office, so that nothing can be booked to its budget.
	ErrRequisitesMissing = &Error{"requisites_missing", "the authority has no requisites"}
	// ErrNotAcceptable: more differs than a person may overlook.
	ErrNotAcceptable = &Error{"case_not_acceptable", "this money cannot be taken for the fee"}
	// ErrNoFeeDue: this kind of request is free of charge; there is nothing to invoice.
	ErrNoFeeDue = &Error{"no_fee_due", "no fee is due"}
	// ErrRateUnknown: no rate is on record for the day.
	ErrRateUnknown = &Error{"rate_unknown", "no rate is known for that day"}
	// ErrRateChanged: the rate of today is not the invoice's any more (S7.1: the rate of
	// the day of payment counts). Reissue gives an invoice at the rate of today.
	ErrRateChanged = &Error{"rate_changed", "the rate has changed since the invoice was opened"}

	// ErrGatewayUnavailable: the gateway could not be reached now. The state is unknown,
	// not bad; the same call may be repeated.
	ErrGatewayUnavailable = &Error{"gateway_unavailable", "the payment gateway could not be reached now"}
	// ErrGatewayNonsense: the gateway answered, and what it said of this payment or this
	// day cannot be understood. The state is as unknown; others may be asked about.
	ErrGatewayNonsense = &Error{"gateway_unavailable", "the payment gateway made no sense"}
	// ErrGatewayRefused: the gateway understood the request and will not do it.
	ErrGatewayRefused = &Error{"gateway_refused", "the payment gateway refused the request"}
	// ErrOrderTooLate: the gateway never had the order, and its time to pay has ended: it
	// takes no money for it any more.
	ErrOrderTooLate = &Error{"gateway_refused", "the order came after its time to pay"}

	// Of a bank's receipt. ErrReceiptUsed: this payment document has paid a fee, or waits to.
	ErrReceiptInvalid  = &Error{"receipt_invalid", "the receipt lacks what it needs"}
	ErrReceiptUsed     = &Error{"receipt_used", "the payment document was used before"}
	ErrReceiptWaiting  = &Error{"receipt_waiting", "a receipt waits for an official already"}
	ErrReceiptNotFound = &Error{"receipt_not_found", "no such receipt"}
	ErrReceiptJudged   = &Error{"receipt_judged", "the receipt does not wait any more"}

	// ErrReportNotReady: the day has not ended at the gateway.
	ErrReportNotReady = &Error{"report_not_ready", "the report of that day is not ready"}

	// The three ways in which a notice is not believed (I9).
	ErrNoticeSignature = &Error{"notice_signature", "the notice is not signed by the gateway"}
	ErrNoticeStale     = &Error{"notice_stale", "the notice's time stamp is outside the window"}
	ErrNoticeMalformed = &Error{"notice_malformed", "the notice cannot be read"}
)

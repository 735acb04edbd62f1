package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/payments"
	"elicensing/server/calendar"
)

type healthResponse struct {
	Status string   `json:"status"`
	Ends   []Ending `json:"ends,omitempty"`
}

// Ending is dated data that ends soon or has ended: what ends, and the first day without it.
type Ending struct {
	What string        `json:"what"`
	On   calendar.Date `json:"on"`
}

// What can end. Without rates nobody can sign what costs a fee; without the calendar of a year its terms are counted by the law's holidays alone.
const (
	EndOfRates    = "rates"
	EndOfCalendar = "calendar"
)

// warnBefore is how long before its end dated data is asked for: the index of the next year is published in the last weeks of the old one.
const warnBefore = 60 * 24 * time.Hour

// Endings lists the dated data that ends within sixty days.
func Endings(now time.Time, rates *payments.Rates, days *calendar.Calendar) []Ending {
	var list []Ending
	soon := now.Add(warnBefore)
	if until := rates.KnownUntil(now); !until.After(soon) {
		list = append(list, Ending{EndOfRates, days.DateOf(until)})
	}
	if until := days.KnownUntil(); !until.After(soon) {
		list = append(list, Ending{EndOfCalendar, days.DateOf(until)})
	}
	return list
}

// WarnOfEndings tells the log what ends soon and which file brings the next edition.
func WarnOfEndings(ctx context.Context, log *slog.Logger, now time.Time, rates *payments.Rates, days *calendar.Calendar) {
	files := map[string]string{EndOfRates: "payments/rates/mci.csv or ELICENSING_MCI", EndOfCalendar: "server/calendar/calendar.yaml"}
	for _, e := range Endings(now, rates, days) {
		log.WarnContext(ctx, "dated data ends", slog.String("what", e.What), slog.String("on", e.On.String()), slog.String("file", files[e.What]))
	}
}

// health says that the process runs.
func (s *Server) health(c *gin.Context) error {
	return reply(c, http.StatusOK, healthResponse{Status: "ok"})
}

// ready says whether it can work now, and what it will lack soon: a balancer sends nobody here while it cannot.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Ready(c.Request.Context()); err != nil {
		eventOf(c).err = err
		return reply(c, http.StatusServiceUnavailable, healthResponse{Status: codeUnavailable})
	}
	return reply(c, http.StatusOK, healthResponse{Status: "ok", Ends: Endings(s.Now(), s.Rates, s.Calendar)})
}

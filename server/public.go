package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/payments"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/fault"
)

type configResponse struct {
	Demo        bool   `json:"demo"`
	PortalURL   string `json:"portalUrl"`
	NCALayerURL string `json:"ncalayerUrl"`
}

type serviceCardResponse struct {
	Service *catalog.Service `json:"service"`
	Fee     *feeResponse     `json:"fee,omitempty"` // nil while no rate is on record for today
	Today   calendar.Date    `json:"today"`
}

// feeResponse is a fee with its arithmetic (S7.1).
type feeResponse struct {
	Amount      payments.Tiyn `json:"amount"`
	MCI         payments.Tiyn `json:"mci"`
	Coefficient string        `json:"coefficient"`
	RateDay     string        `json:"rateDay"`
}

type authorityResponse struct {
	Code    string         `json:"code"`
	Name    directory.Text `json:"name"`
	Region  directory.Text `json:"region"`
	Address directory.Text `json:"address"`
	Phone   string         `json:"phone"`
	Site    string         `json:"site"`
	OpenNow bool           `json:"openNow"`
	Accepts bool           `json:"accepts"`
}

type centreResponse struct {
	Branch  string `json:"branch"`
	Number  string `json:"number"`
	Name    string `json:"name"`
	Address string `json:"address"`
	Phones  string `json:"phones"`
	OpenNow bool   `json:"openNow"`
}

func (s *Server) config(c *gin.Context) error {
	return reply(c, http.StatusOK, configResponse{Demo: s.Demo != nil, PortalURL: s.PortalURL, NCALayerURL: s.NCALayerURL})
}

// serviceCard is what a person reads before deciding, and what the form is drawn from.
func (s *Server) serviceCard(c *gin.Context) error {
	service, err := s.edition(c.Param("code"), c.Query("version"))
	if err != nil {
		return err
	}
	now := s.Now()
	fee, err := s.feeOf(service, now)
	if err != nil {
		return err
	}
	return replyPublic(c, http.StatusOK, serviceCardResponse{Service: service, Fee: fee, Today: s.Calendar.DateOf(now)})
}

// edition is the newest declaration of a service, or the one that is asked for: an application is shown in the edition under which it was
// begun.
func (s *Server) edition(code, version string) (*catalog.Service, error) {
	if version == "" {
		return s.Catalog.Service(code)
	}
	n, err := strconv.Atoi(version)
	if err != nil {
		return nil, fault.Malformed("query").WithField("version", "wrong_type")
	}
	return s.Catalog.Version(code, n)
}

// feeOf is today's fee of the first kind that the service offers; the others are free or have not come yet. Nil while the rate of today is not on
// record: what the service is, and its form, do not depend on the index of the year.
func (s *Server) feeOf(service *catalog.Service, now time.Time) (*feeResponse, error) {
	for _, kind := range service.Kinds {
		if kind.Fee.Kind == "" {
			continue
		}
		fee, err := s.Rates.Fee(payments.Kind(kind.Fee.Kind), now)
		if errors.Is(err, payments.ErrRateUnknown) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("fee of %s: %w", service.Code, err)
		}
		return feeOut(fee), nil
	}
	return &feeResponse{Coefficient: "0", RateDay: s.Calendar.DateOf(now).String()}, nil
}

func feeOut(fee payments.Fee) *feeResponse {
	return &feeResponse{Amount: fee.Amount, MCI: fee.MCI, Coefficient: fee.Coefficient.String(), RateDay: fee.RateDay}
}

func (s *Server) authorities(c *gin.Context) error {
	open, err := s.openNow(s.Calendar.Authority())
	if err != nil {
		return err
	}
	list := []authorityResponse{}
	for _, a := range s.Directory.Authorities() {
		list = append(list, authorityResponse{Code: a.Code, Name: a.Name, Region: a.Region, Address: a.Address, Phone: a.Phone, Site: a.Site,
			OpenNow: open, Accepts: slices.Contains(s.Accepts, a.Code)})
	}
	return replyPublic(c, http.StatusOK, gin.H{"authorities": list})
}

func (s *Server) serviceCentres(c *gin.Context) error {
	open, err := s.openNow(s.Calendar.Centre())
	if err != nil {
		return err
	}
	list := []centreResponse{}
	for _, centre := range s.Directory.ServiceCentres("") {
		list = append(list, centreResponse{Branch: centre.Authority, Number: centre.Number, Name: centre.Name, Address: centre.Address,
			Phones: strings.Join(centre.Phones, "; "), OpenNow: open})
	}
	return replyPublic(c, http.StatusOK, gin.H{"centres": list})
}

func (s *Server) openNow(hours calendar.Schedule) (bool, error) {
	open, err := s.Calendar.OpenAt(s.Now(), hours)
	if err != nil {
		return false, fmt.Errorf("open now: %w", err)
	}
	return open, nil
}

// authorityName is the name of an official's authority; nil for nobody's.
func (s *Server) authorityName(code string) *directory.Text {
	if code == "" {
		return nil
	}
	a, err := s.Directory.Authority(code)
	if err != nil {
		return nil // an authority that the directory does not know has no name to show
	}
	return &a.Name
}

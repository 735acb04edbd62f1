package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"elicensing/payments/egov"
	"elicensing/server/identity"
	"elicensing/server/outbox"
)

// config is every setting of the program. A setting is one row of the table below; this struct holds what was read.
type config struct {
	Addr           string
	Data           string
	DatabaseURL    string // of the role that the program works as
	OwnerURL       string // of the owner, who migrates; demo only
	PortalURL      string
	NCALayerURL    string
	TrustedProxies []string
	Series         string
	ScanBytes      int64 // of one scan; 0: as the service declares
	ScansBytes     int64 // of all scans of an application together; 0: as the service declares
	Sessions       identity.Limits
	MCI            map[int]int64 // tenge, of years that the program was built without

	Roots          string // folder of trusted certificates
	TSP            string
	GatewayURL     string
	GatewayPages   string
	GatewayRequest egov.Key
	GatewayNotice  []egov.Key
	SMTP           *outbox.SMTP // nil: letters are kept in a folder
	MailFrom       string

	MockGatewayAddr string // demo only
}

const (
	smtpURL  = "ELICENSING_SMTP_URL"
	mailFrom = "ELICENSING_MAIL_FROM"

	scanLimit  = "ELICENSING_UPLOAD_FILE_MIB"
	scansLimit = "ELICENSING_UPLOAD_TOTAL_MIB"

	sessionMax = "ELICENSING_SESSION_MAX"

	mciYears = "ELICENSING_MCI"
)

// setting is one variable of the environment.
type setting struct {
	name     string
	fallback string
	only     string // the modes that read it, separated by commas; "" is all
	required bool   // in serve
	help     string
	read     func(c *config, value string) error
}

var settings = []setting{
	{name: "ELICENSING_ADDR", fallback: "localhost:8080", help: "where the portal listens", read: func(c *config, v string) error {
		if _, _, err := net.SplitHostPort(v); err != nil {
			return errors.New("is not host:port")
		}
		c.Addr = v
		return nil
	}},
	{name: "ELICENSING_DATA", fallback: "data", help: "private folder: scans, and in demo mode the database, the demo authority and the gateway", read: func(c *config, v string) (err error) {
		c.Data, err = filepath.Abs(v)
		return err
	}},
	{name: workURL, required: true, help: "PostgreSQL, postgres://role:password@host/database, of the role that the program works as; demo mode starts its own PostgreSQL when empty", read: func(c *config, v string) error {
		c.DatabaseURL = v
		return nil
	}},
	{name: ownerURL, only: "migrate,demo", help: "the same database as its owner, who migrates; when empty the role of " + workURL + " must own the tables", read: func(c *config, v string) error {
		c.OwnerURL = v
		return nil
	}},
	// Printed into every licence as its QR code: outside demo mode it is never guessed.
	{name: "ELICENSING_PORTAL_URL", required: true, help: "how people reach the portal, https://host; in demo mode http:// and the address it listens at when empty", read: func(c *config, v string) error {
		return readOrigin(&c.PortalURL, v)
	}},
	{name: "ELICENSING_NCALAYER_URL", fallback: "wss://127.0.0.1:13579", help: "the signing program on the visitor's machine", read: func(c *config, v string) error {
		return readURL(&c.NCALayerURL, v, "ws", "wss")
	}},
	{name: "ELICENSING_TRUSTED_PROXIES", help: "networks whose X-Forwarded-For is believed, separated by commas", read: func(c *config, v string) error {
		c.TrustedProxies = list(v)
		return nil
	}},
	{name: "ELICENSING_LICENCE_SERIES", fallback: "DEM", required: true, help: "three capital letters of the licence numbers", read: func(c *config, v string) error {
		if len(v) != 3 || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return errors.New("is not three capital Latin letters")
		}
		c.Series = v
		return nil
	}},
	{name: mciYears, only: "serve,demo", help: "monthly calculation index in tenge of years that the program does not know, year=tenge, separated by commas; demo mode goes on with the last one", read: func(c *config, v string) error {
		return readYears(&c.MCI, v)
	}},
	{name: scanLimit, only: "serve,demo", help: "largest scan in MiB, 1 to 200; as the service declares when empty", read: func(c *config, v string) (err error) {
		c.ScanBytes, err = readMiB(v)
		return err
	}},
	{name: scansLimit, only: "serve,demo", help: "all scans of an application together in MiB, 1 to 200; as the service declares when empty", read: func(c *config, v string) (err error) {
		c.ScansBytes, err = readMiB(v)
		return err
	}},
	{name: "ELICENSING_SESSION_IDLE", only: "serve,demo", fallback: identity.DefaultLimits.CitizenIdle.String(), help: "how long an applicant stays signed in without a request", read: func(c *config, v string) (err error) {
		c.Sessions.CitizenIdle, err = readLifetime(v)
		return err
	}},
	{name: "ELICENSING_SESSION_IDLE_OFFICIAL", only: "serve,demo", fallback: identity.DefaultLimits.OfficialIdle.String(), help: "the same for an official", read: func(c *config, v string) (err error) {
		c.Sessions.OfficialIdle, err = readLifetime(v)
		return err
	}},
	{name: sessionMax, only: "serve,demo", fallback: identity.DefaultLimits.Absolute.String(), help: "how long anybody stays signed in, whatever he does", read: func(c *config, v string) (err error) {
		c.Sessions.Absolute, err = readLifetime(v)
		return err
	}},
	{name: "ELICENSING_ROOTS", only: "serve", required: true, help: "folder of trusted certificates, roots (self-signed) and issuing authorities, PEM or DER, with a file " + sourcesFile + " that says where each answers about revocation", read: func(c *config, v string) error {
		c.Roots = v
		return nil
	}},
	{name: "ELICENSING_TSP_URL", only: "serve", help: "time-stamping authority, asked when a signature comes without a time stamp", read: func(c *config, v string) error {
		return readURL(&c.TSP, v, "http", "https")
	}},
	{name: "ELICENSING_GATEWAY_URL", only: "serve", required: true, help: "the payment gateway", read: func(c *config, v string) error {
		return readURL(&c.GatewayURL, v, "http", "https")
	}},
	{name: "ELICENSING_GATEWAY_PAGES", only: "serve", help: "origin of the gateway's pages, if another", read: func(c *config, v string) error {
		return readURL(&c.GatewayPages, v, "http", "https")
	}},
	{name: "ELICENSING_GATEWAY_REQUEST_KEY", only: "serve", required: true, help: "key of our requests, id:hex of at least 32 bytes", read: func(c *config, v string) (err error) {
		c.GatewayRequest, err = readKey(v)
		return err
	}},
	{name: "ELICENSING_GATEWAY_NOTICE_KEYS", only: "serve", required: true, help: "keys of its notices, id:hex, separated by a comma while one replaces the other", read: func(c *config, v string) error {
		for _, one := range list(v) {
			key, err := readKey(one)
			if err != nil {
				return err
			}
			c.GatewayNotice = append(c.GatewayNotice, key)
		}
		return nil
	}},
	{name: smtpURL, only: "serve", required: true, help: "mail server: smtps://user:password@host (TLS) or smtp://user:password@host:587 (STARTTLS; a server on this machine may do without); " +
		`"folder" keeps the letters in ELICENSING_DATA/mail, and nobody gets them`, read: func(c *config, v string) error {
		if v == "folder" {
			return nil
		}
		server, err := outbox.ParseSMTP(v)
		c.SMTP = &server
		return err
	}},
	{name: mailFrom, only: "serve", help: "address that letters come from, needed with a mail server", read: func(c *config, v string) (err error) {
		c.MailFrom, err = outbox.Sender(v)
		return err
	}},
	{name: "ELICENSING_MOCK_GATEWAY_ADDR", fallback: "localhost:8081", only: "demo", help: "where the mock gateway listens", read: func(c *config, v string) error {
		if _, _, err := net.SplitHostPort(v); err != nil {
			return errors.New("is not host:port")
		}
		c.MockGatewayAddr = v
		return nil
	}},
}

func (s setting) readBy(mode string) bool {
	return s.only == "" || slices.Contains(strings.Split(s.only, ","), mode)
}

// readConfig reads the settings of a mode ("serve" or "demo") and reports all mistakes at once.
func readConfig(mode string, getenv func(string) string) (config, error) {
	c := config{Sessions: identity.DefaultLimits}
	var wrong []error
	for _, s := range settings {
		if !s.readBy(mode) {
			continue
		}
		value := strings.TrimSpace(getenv(s.name))
		if value == "" && !(s.required && mode == "serve") {
			value = s.fallback
		}
		if value == "" {
			if s.required && mode == "serve" {
				wrong = append(wrong, fmt.Errorf("  %s is missing: %s", s.name, s.help))
			}
			continue
		}
		if err := s.read(&c, value); err != nil {
			wrong = append(wrong, fmt.Errorf("  %s %w", s.name, err))
		}
	}
	if c.SMTP != nil && c.MailFrom == "" && strings.TrimSpace(getenv(mailFrom)) == "" {
		wrong = append(wrong, fmt.Errorf("  %s is missing: a mail server wants to know whom letters come from", mailFrom))
	}
	if longest := max(c.Sessions.CitizenIdle, c.Sessions.OfficialIdle); c.Sessions.Absolute > 0 && c.Sessions.Absolute < longest {
		wrong = append(wrong, fmt.Errorf("  %s is %s, yet without a request one stays signed in for %s", sessionMax, c.Sessions.Absolute, longest))
	}
	if c.PortalURL == "" && c.Addr != "" {
		c.PortalURL = "http://" + c.Addr
	}
	if len(wrong) > 0 {
		return c, fmt.Errorf("the settings are wrong:\n%w", errors.Join(wrong...))
	}
	return c, nil
}

func readURL(into *string, v string, schemes ...string) error {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" {
		return errors.New("is not an address")
	}
	for _, s := range schemes {
		if u.Scheme == s {
			*into = strings.TrimSuffix(v, "/")
			return nil
		}
	}
	return fmt.Errorf("does not begin with %s://", strings.Join(schemes, ":// or "))
}

// readOrigin reads an address without a path: what is appended to it, and what a browser compares with it, would not fit otherwise.
func readOrigin(into *string, v string) error {
	if err := readURL(into, v, "http", "https"); err != nil {
		return err
	}
	if u, err := url.Parse(*into); err != nil || u.Scheme+"://"+u.Host != *into {
		return errors.New("is more than http(s)://host[:port]")
	}
	return nil
}

// readKey reads "id:hex". The error never holds the value.
func readKey(v string) (egov.Key, error) {
	id, secret, ok := strings.Cut(v, ":")
	bytes, err := hex.DecodeString(secret)
	if !ok || err != nil {
		return egov.Key{}, errors.New("is not id:hex")
	}
	key := egov.Key{ID: id, Secret: bytes}
	if err := egov.CheckKeys(key); err != nil {
		return egov.Key{}, errors.New("is not a fit key: id of letters and digits, at least 32 bytes")
	}
	return key, nil
}

// readMiB reads how much may be uploaded and gives it in bytes. Scans are signed together with the request in one container, which is read up to 256 MiB
// (signing/asice).
// readYears reads "2027=4500,2028=4700".
func readYears(into *map[int]int64, v string) error {
	years := map[int]int64{}
	for _, one := range list(v) {
		year, tenge, _ := strings.Cut(one, "=")
		y, wrong := strconv.Atoi(year)
		t, none := strconv.ParseInt(tenge, 10, 64)
		if _, double := years[y]; wrong != nil || none != nil || double || y < 2000 || y > 2999 || t <= 0 {
			return errors.New("is not year=tenge, separated by commas, each year once")
		}
		years[y] = t
	}
	*into = years
	return nil
}

func readMiB(v string) (int64, error) {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 || n > 200 {
		return 0, errors.New("is not a whole number of MiB from 1 to 200")
	}
	return n << 20, nil
}

// readLifetime reads how long a session may last: shorter than a minute nobody can work, longer than a day it is left open somewhere.
func readLifetime(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < time.Minute || d > 24*time.Hour {
		return 0, errors.New("is not a time from 1m to 24h, such as 30m")
	}
	return d, nil
}

func list(v string) []string {
	var out []string
	for _, one := range strings.Split(v, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// settingsHelp lists the settings for --help.
func settingsHelp() string {
	var b strings.Builder
	b.WriteString("Settings (environment):\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		note := s.help
		switch {
		case s.fallback != "" && s.required:
			note += " (required by serve; demo: " + s.fallback + ")"
		case s.fallback != "":
			note += " (" + s.fallback + ")"
		case s.required:
			note += " (required by serve)"
		}
		if s.only != "" {
			note += " [" + strings.ReplaceAll(s.only, ",", " and ") + " only]"
		}
		fmt.Fprintf(w, "  %s\t%s\n", s.name, note)
	}
	if err := w.Flush(); err != nil {
		return b.String()
	}
	return b.String()
}

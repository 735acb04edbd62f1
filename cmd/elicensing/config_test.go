package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"elicensing/server/identity"
	"elicensing/server/outbox"
)

// complete are settings with which serve starts.
func complete() map[string]string {
	key := "portal-1:" + strings.Repeat("ab", 32)
	return map[string]string{
		"ELICENSING_DATABASE_URL": "postgres://portal@db/portal", "ELICENSING_PORTAL_URL": "https://licences.example", "ELICENSING_LICENCE_SERIES": "LAA",
		"ELICENSING_ROOTS": "/etc/roots", "ELICENSING_GATEWAY_URL": "https://pay.example",
		"ELICENSING_GATEWAY_REQUEST_KEY": key, "ELICENSING_GATEWAY_NOTICE_KEYS": key,
		"ELICENSING_SMTP_URL": "folder",
	}
}

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// What serve cannot guess is demanded, all of it at once: an administrator is not sent round for each setting.
func TestServeNamesAllThatIsMissing(t *testing.T) {
	_, err := readConfig("serve", env(nil))
	if err == nil {
		t.Fatal("serve starts without settings")
	}
	for name := range complete() {
		if !strings.Contains(err.Error(), name+" is missing") {
			t.Errorf("%s is not demanded:\n%v", name, err)
		}
	}
	if c, err := readConfig("serve", env(complete())); err != nil || c.PortalURL != "https://licences.example" || c.Series != "LAA" {
		t.Errorf("%+v %v", c, err)
	}
	if c, err := readConfig("demo", env(nil)); err != nil || c.PortalURL != "http://localhost:8080" || c.Series != "DEM" {
		t.Errorf("%+v %v", c, err)
	}
}

func TestWrongSettingsAreNamedTogether(t *testing.T) {
	values := complete()
	for name, value := range map[string]string{
		"ELICENSING_ADDR": "8080", "ELICENSING_PORTAL_URL": "https://licences.example/portal", "ELICENSING_LICENCE_SERIES": "laa", "ELICENSING_TSP_URL": "tsp.example",
		"ELICENSING_GATEWAY_REQUEST_KEY": "portal-1:5ec7e7", "ELICENSING_GATEWAY_NOTICE_KEYS": "5ec7e7", "ELICENSING_NCALAYER_URL": "http://127.0.0.1",
	} {
		values[name] = value
	}
	_, err := readConfig("serve", env(values))
	if err == nil {
		t.Fatal("wrong settings are taken")
	}
	for _, name := range []string{"ADDR", "PORTAL_URL", "LICENCE_SERIES", "TSP_URL", "GATEWAY_REQUEST_KEY", "GATEWAY_NOTICE_KEYS", "NCALAYER_URL"} {
		if !strings.Contains(err.Error(), "ELICENSING_"+name+" ") {
			t.Errorf("%s is not named:\n%v", name, err)
		}
	}
	if strings.Contains(err.Error(), "5ec7e7") {
		t.Errorf("a key stands in the error:\n%v", err)
	}
}

func TestSettingsOfMail(t *testing.T) {
	values := complete()
	values["ELICENSING_SMTP_URL"] = "smtps://portal:s3cret@mail.example"
	if _, err := readConfig("serve", env(values)); err == nil || !strings.Contains(err.Error(), "ELICENSING_MAIL_FROM is missing") {
		t.Errorf("a mail server without a sender: %v", err)
	}
	values["ELICENSING_MAIL_FROM"] = "portal@licences.example"
	c, err := readConfig("serve", env(values))
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := mailer(c).(outbox.SMTP); !ok || m.Domain != "licences.example" || m.From != "portal@licences.example" || m.Addr != "mail.example:465" {
		t.Errorf("%+v", mailer(c))
	}
	values["ELICENSING_SMTP_URL"], values["ELICENSING_MAIL_FROM"] = "mail.example:s3cret", "Portal <portal@licences.example>"
	_, err = readConfig("serve", env(values))
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "ELICENSING_SMTP_URL ") || !strings.Contains(err.Error(), "ELICENSING_MAIL_FROM ") ||
		strings.Contains(err.Error(), "missing") {
		t.Errorf("wrong: %v", err)
	}
	values["ELICENSING_SMTP_URL"], values["ELICENSING_MAIL_FROM"] = "folder", ""
	if c, err = readConfig("serve", env(values)); err != nil {
		t.Fatal(err)
	}
	if _, ok := mailer(c).(outbox.Folder); !ok {
		t.Errorf("%+v", mailer(c))
	}
}

func TestSettingsOfScansAndSessions(t *testing.T) {
	values := complete()
	c, err := readConfig("serve", env(values))
	if err != nil || c.ScanBytes != 0 || c.ScansBytes != 0 || c.Sessions != identity.DefaultLimits {
		t.Errorf("without settings: %+v %v", c, err)
	}
	values["ELICENSING_UPLOAD_FILE_MIB"], values["ELICENSING_UPLOAD_TOTAL_MIB"] = "5", "50"
	values["ELICENSING_SESSION_IDLE"], values["ELICENSING_SESSION_IDLE_OFFICIAL"], values["ELICENSING_SESSION_MAX"] = "20m", "5m", "8h"
	c, err = readConfig("serve", env(values))
	want := identity.Limits{Challenge: identity.DefaultLimits.Challenge, CitizenIdle: 20 * time.Minute, OfficialIdle: 5 * time.Minute, Absolute: 8 * time.Hour}
	if err != nil || c.ScanBytes != 5<<20 || c.ScansBytes != 50<<20 || c.Sessions != want {
		t.Errorf("with settings: %+v %v", c, err)
	}
	wrong := map[string][]string{"UPLOAD_FILE_MIB": {"0", "-1", "20MB", "201"}, "UPLOAD_TOTAL_MIB": {"0", "x", "201"},
		"SESSION_IDLE": {"30", "59s", "25h", "-1h"}, "MCI": {"4500", "2027", "2027=", "2027=4500,2027=4600", "2027=-1", "27=4500"}, "SESSION_IDLE_OFFICIAL": {"0"}, "SESSION_MAX": {"forever"}}
	for name, bad := range wrong {
		for _, value := range bad {
			if _, err := readConfig("serve", env(map[string]string{"ELICENSING_" + name: value})); err == nil || !strings.Contains(err.Error(), "ELICENSING_"+name+" is not") {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
	values["ELICENSING_MCI"] = "2027=4500, 2028=4700"
	if c, err := readConfig("serve", env(values)); err != nil || !maps.Equal(c.MCI, map[int]int64{2027: 4500, 2028: 4700}) {
		t.Errorf("years of the MCI: %v %v", c.MCI, err)
	}
	values["ELICENSING_SESSION_MAX"] = "10m"
	if _, err := readConfig("serve", env(values)); err == nil || !strings.Contains(err.Error(), "ELICENSING_SESSION_MAX is 10m0s, yet") {
		t.Errorf("a session that ends before one is idle: %v", err)
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	for _, mode := range []string{"serve", "demo", "migrate", "check"} {
		var out output
		if code := run(t.Context(), []string{mode, "--help"}, env(nil), &out, &out); code != 0 {
			t.Errorf("%s: %d", mode, code)
		}
		for _, s := range settings {
			if !strings.Contains(out.String(), s.name+" ") {
				t.Errorf("%s --help does not name %s", mode, s.name)
			}
		}
		if strings.Contains(out.String(), "%!") {
			t.Errorf("%s", out.String())
		}
	}
	for _, wrong := range [][]string{{"serv"}, {"serve", "now"}, {"migrate", "up"}, {"staff"}} {
		var out output
		if code := run(t.Context(), wrong, env(nil), &out, &out); code != 2 || !strings.Contains(out.String(), "elicensing serve") {
			t.Errorf("%v: %d %s", wrong, code, out.String())
		}
	}
}

package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/database"
	"elicensing/server/database/dbtest"
	"elicensing/server/outbox"
)

// notices makes a worker that writes letters to mail, as the program does.
func notices(db *gorm.DB, m outbox.Mailer, log io.Writer) *outbox.Worker {
	n := outbox.Notices{DB: db, Mailer: m, PortalURL: "https://licences.example"}
	return &outbox.Worker{DB: db, Log: slog.New(slog.NewJSONHandler(log, nil)), Handlers: map[string]outbox.Handler{outbox.KindNotice: n.Handle}, Lease: outbox.MailLease}
}

// filedWith makes an application that is filed, and the message about it.
func filedWith(t *testing.T, db *gorm.DB, email string) {
	t.Helper()
	id := uuid.New()
	owner := dbtest.Unguarded(t, db) // only what a letter reads
	err := owner.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec(`INSERT INTO applications (id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_name, authority_code, document_id, answers,
				number, number_year, number_seq, filed_at, due_at, saved_at, created_at, updated_at)
			VALUES (?, 'medical-activity', 1, 'licence', 'portal', 'filed', 'person', '123456789011', 'А', '13', gen_random_uuid(), jsonb_build_object('email', ?::text),
				'13-2026-000418', 2026, 418, '2026-03-27', '2026-04-17', now(), now(), now())`, id, email).Error; err != nil {
			return err
		}
		return outbox.Put(tx, outbox.KindNotice, outbox.Notice{ApplicationID: id, Event: "filed", At: letterAt})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An address that the server knows to be wrong is given up at once; a server in trouble is tried again for days.
func TestWhichRefusalsAreFinal(t *testing.T) {
	for answer, final := range map[string]bool{"550 5.1.1 no <a@example.kz>": true, "550 5.2.1 closed": true, "550 5.7.1 relaying denied": false, "550 no": false, "451 4.7.1 greylisted": false} {
		db, s := dbtest.New(t), startMailServer(t, "")
		s.answer("RCPT", answer)
		filedWith(t, db, "a@example.kz")
		var log bytes.Buffer
		drain(t, notices(db, mailer(s), &log))
		if got := count(t, db, "given_up_at IS NOT NULL") == 1; got != final {
			t.Errorf("%s: given up: %v", answer, got)
		}
		if count(t, db, "last_error LIKE '%example%'") != 0 || strings.Contains(log.String(), "example.kz") || !strings.Contains(log.String(), answer[:3]) {
			t.Errorf("%s: log %s", answer, log.String())
		}
		if final {
			continue
		}
		s.answer("RCPT", "")
		makeDue(t, db)
		drain(t, notices(db, mailer(s), &log))
		if len(s.have()) != 1 || count(t, db, "done_at IS NOT NULL") != 1 {
			t.Errorf("%s: not sent afterwards", answer)
		}
	}
}

const (
	childDatabase = "OUTBOX_TEST_DATABASE"
	childServer   = "OUTBOX_TEST_SMTP"
)

// TestMain is also the child that TestKilledBetweenSendingAndMarking kills: a worker of one letter.
func TestMain(m *testing.M) {
	if address := os.Getenv(childDatabase); address != "" {
		os.Exit(sendOnce(address, os.Getenv(childServer)))
	}
	dbtest.Main(m)
}

func sendOnce(address, server string) int {
	db, pool, err := database.Open(context.Background(), address, nil)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer pool.Close()
	sender := outbox.SMTP{Addr: server, Security: outbox.Loopback, From: "portal@licences.example", Domain: "licences.example"}
	if n, err := notices(db, sender, os.Stdout).RunOnce(context.Background()); err != nil || n != 1 {
		fmt.Println(n, err)
		return 1
	}
	return 0
}

// I30: the process is killed after the server has taken the letter and before its answer. The second copy is the same letter, byte for byte.
func TestKilledBetweenSendingAndMarking(t *testing.T) {
	url := dbtest.URL(t)
	db, pool, err := database.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	filedWith(t, db, "a@example.kz")
	s := startMailServer(t, "")
	started := make(chan *os.Process, 1)
	start := func() error {
		worker := exec.Command(os.Args[0])
		worker.Env = append(os.Environ(), childDatabase+"="+url, childServer+"="+s.addr)
		worker.Stdout = t.Output()
		if err := worker.Start(); err != nil {
			return err
		}
		started <- worker.Process
		return worker.Wait()
	}
	s.whenTaken(func() {
		if err := (<-started).Kill(); err != nil {
			t.Error(err)
		}
	})
	var ended *exec.ExitError
	for range 3 {
		if err := start(); !errors.As(err, &ended) || ended.Success() {
			t.Fatalf("not killed: %v", err)
		}
		if count(t, db, "done_at IS NULL AND given_up_at IS NULL") != 1 {
			t.Fatal("marked before it was known to be taken")
		}
		makeDue(t, db)
	}
	s.whenTaken(nil)
	if err := start(); err != nil {
		t.Fatal(err)
	}
	got := s.have()
	if len(got) != 4 || count(t, db, "done_at IS NOT NULL AND attempts = 4") != 1 {
		t.Fatalf("%d copies", len(got))
	}
	for _, copy := range got[1:] {
		if copy != got[0] {
			t.Errorf("another letter:\n%s\n%s", got[0].text, copy.text)
		}
	}
	if !strings.Contains(got[0].text, "Message-ID: <notice-1.1774587900000000@licences.example>") {
		t.Errorf("%s", got[0].text)
	}
}

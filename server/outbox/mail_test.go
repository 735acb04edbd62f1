package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/server/database/dbtest"
	"elicensing/server/outbox"
)

func TestAFolderKeepsLetters(t *testing.T) {
	folder := outbox.Folder(filepath.Join(t.TempDir(), "mail"))
	if kept, err := folder.Latest(10); err != nil || len(kept) != 0 {
		t.Fatalf("an absent folder: %v %v", kept, err)
	}
	at := time.Date(2026, 3, 27, 10, 5, 0, 0, time.FixedZone("", 5*3600))
	letters := []outbox.Mail{
		{ID: "notice-1", To: "a@example.kz", At: at, Subject: "№ 1 өтініш / Заявление № 1", Text: strings.Repeat("Құжаттар толық. ", 50) + "\n"},
		{ID: "notice-2", To: "b@example.kz", At: at.Add(time.Hour), Subject: "short", Text: "x"},
	}
	for _, m := range append(letters, letters[0]) { // the first one twice
		if err := folder.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := folder.Latest(10)
	if err != nil || len(kept) != 2 {
		t.Fatalf("%d letters, %v", len(kept), err)
	}
	for i, want := range []outbox.Mail{letters[1], letters[0]} {
		got := kept[i]
		if got.ID != want.ID || got.To != want.To || got.Subject != want.Subject || got.Text != want.Text || !got.At.Equal(want.At) {
			t.Errorf("kept %+v, want %+v", got, want)
		}
	}
	if kept, err = folder.Latest(1); err != nil || len(kept) != 1 || kept[0].ID != "notice-2" {
		t.Errorf("the newest: %+v, %v", kept, err)
	}
	raw, err := os.ReadFile(filepath.Join(string(folder), "notice-1.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\n\x00") || strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 {
			t.Errorf("line %q is not of RFC 5322", line)
		}
	}
	info, err := os.Stat(string(folder))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v %v", info.Mode(), err)
	}
}

func TestAFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := outbox.Folder(file).Send(t.Context(), outbox.Mail{ID: "notice-1", To: "a@example.kz"}); err == nil {
		t.Error("sent into a file")
	}
}

// An application that is gone, has no number, or gave no address gets no letter, and the message is done all the same.
func TestNoticesWithoutAReceiver(t *testing.T) {
	db := dbtest.New(t)
	id := uuid.New()
	err := db.Exec(`INSERT INTO applications (id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_name, saved_at, created_at, updated_at)
		VALUES (?, 'medical-activity', '1', 'licence', 'portal', 'draft', 'person', '123456789011', 'А', now(), now(), now())`, id).Error
	if err != nil {
		t.Fatal(err)
	}
	n := outbox.Notices{DB: db, Mailer: refusing{}, PortalURL: "https://x.example"}
	for _, application := range []uuid.UUID{id, uuid.New()} {
		payload, err := json.Marshal(outbox.Notice{ApplicationID: application, Event: "filed", At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Handle(t.Context(), outbox.Message{ID: 1, Kind: outbox.KindNotice, Payload: payload}); err != nil {
			t.Error(err)
		}
	}
	if err := n.Handle(t.Context(), outbox.Message{ID: 1, Kind: outbox.KindNotice, Payload: json.RawMessage(`[]`)}); err == nil {
		t.Error("a payload of another shape was done")
	}
}

type refusing struct{}

func (refusing) Send(context.Context, outbox.Mail) error { return errors.New("no") }

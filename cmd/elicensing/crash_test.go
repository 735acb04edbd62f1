package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"gorm.io/gorm"

	"elicensing/server/database"
)

// The real program, its own PostgreSQL, the real gateway over HTTP; both are killed with -9 in the middle of filings and started again (I1, I28).
// Nothing that was acknowledged is lost, nothing is doubled, numbers have no gap, every payment at the gateway ends in one filed application, and
// openssl accepts every signature that is stored.
func TestKilledInTheMiddleOfFilings(t *testing.T) {
	const filings = 200
	m := newMachine(t)
	m.start()
	defer m.kill()

	var done sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]string{} // application → the last state that a client was told
	stop := make(chan struct{})
	left := filings
	take := func() bool {
		mu.Lock()
		defer mu.Unlock()
		left--
		return left >= 0 || m.kills.Load() < fewestKills // on a fast machine they would end too soon
	}
	for _, person := range []string{"person", "sole-trader", "director"} {
		done.Go(func() {
			b := m.browser(person)
			for take() {
				b.file(func(id, state string) {
					mu.Lock()
					defer mu.Unlock()
					acknowledged[id] = state
				})
			}
		})
	}
	go func() {
		done.Wait()
		close(stop)
	}()
	m.murder(stop)

	// Every payment that was begun is settled by now or by the next look at the gateway.
	db, pool, err := database.Open(t.Context(), m.databaseURL(), newLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	count := func(sql string, args ...any) (n int) {
		t.Helper()
		if err := db.Raw(sql, args...).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	m.until(func() bool {
		return count("SELECT count(*) FROM applications WHERE state = 'awaiting_payment'") == 0
	})
	if n := count("SELECT count(*) FROM applications WHERE state = 'filed'"); n < filings {
		t.Errorf("%d of %d filed", n, filings)
	}
	for id, state := range acknowledged {
		if count("SELECT count(*) FROM applications WHERE id = ? AND state = 'filed'", id) != 1 {
			t.Errorf("application %s was acknowledged as %s and is lost", id, state)
		}
	}
	if n := m.judgeSignatures(db); n < filings {
		t.Errorf("openssl has judged %d signatures of %d filings", n, filings)
	}
	pool.Close()
	m.stop()
	t.Logf("%d kills; after them:\n%s", m.kills.Load(), m.check())
}

// judgeSignatures has openssl judge each signature of a request over the manifest that is stored with it, and tells how many there were (I2).
func (m *machine) judgeSignatures(db *gorm.DB) int {
	m.t.Helper()
	var stored []struct {
		ID            string
		CMS, Manifest []byte
	}
	err := db.Raw(`SELECT s.id, s.cms, d.manifest FROM signatures s LEFT JOIN request_documents d ON d.application_id = s.application_id AND d.digest = s.content_digest
		WHERE s.purpose = 'request'`).Scan(&stored).Error
	if err != nil {
		m.t.Fatal(err)
	}
	folder := m.t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			m.t.Error(err)
		}
		return path
	}
	var authority []byte
	for _, name := range []string{"root.pem", "nca.pem"} {
		certificate, err := os.ReadFile(filepath.Join(m.data, "authority", name))
		if err != nil {
			m.t.Fatal(err)
		}
		authority = append(authority, certificate...)
	}
	trusted := write("authority.pem", authority)
	verify := func(id string, cms, manifest []byte) (string, error) {
		said, err := exec.Command("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", write(id+".p7s", cms), "-content", write(id+".xml", manifest),
			"-CAfile", trusted, "-purpose", "any", "-out", os.DevNull).CombinedOutput()
		return string(said), err
	}
	var judges sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		judges.Go(func() {
			for i := range next {
				if said, err := verify(stored[i].ID, stored[i].CMS, stored[i].Manifest); err != nil {
					m.t.Errorf("signature %s over the stored manifest: %v\n%s", stored[i].ID, err, said)
				}
			}
		})
	}
	for i := range stored {
		next <- i
	}
	close(next)
	judges.Wait()
	if len(stored) > 0 {
		if said, err := verify("changed", stored[0].CMS, append(stored[0].Manifest, ' ')); err == nil {
			m.t.Errorf("openssl accepts a signature over a manifest that was changed: %s", said)
		}
	}
	return len(stored)
}

package revocation_test

import (
	"crypto/x509"
	"math/big"
	"runtime"
	"testing"
	"time"

	"elicensing/signing/revocation"
)

// A list of the size of the national one (20 MB): answers are right, and memory stays below four times its
// size, download included.
func TestALargeList(t *testing.T) {
	s := listsOnly(t)
	der := s.ca.list(t, listing{change: func(l *x509.RevocationList) {
		for n := range 520_000 {
			serial := new(big.Int).Lsh(big.NewInt(int64(n+2)), 136) // 18 to 20 octets
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries,
				x509.RevocationListEntry{SerialNumber: serial, RevocationTime: t0.Add(-time.Hour)})
		}
	}})
	if len(der) < 18<<20 {
		t.Fatalf("%d bytes", len(der))
	}
	s.set(func(s *stand) { s.onCRL = reply(der) })
	c := s.client(t)
	person := s.ca.issue(t, 7, nil)
	listed := s.ca.issue(t, 8, func(c *x509.Certificate) { c.SerialNumber = new(big.Int).Lsh(big.NewInt(4711), 136) })
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	answer, err := check(t, c, listed, s.ca, t0)
	runtime.ReadMemStats(&after)
	if err != nil || answer.Status != revocation.Revoked {
		t.Errorf("listed: %q %v", answer.Status, err)
	}
	t.Logf("%d bytes allocated for %d", after.TotalAlloc-before.TotalAlloc, len(der))
	if allocated, limit := after.TotalAlloc-before.TotalAlloc, uint64(4*len(der)+1<<20); allocated > limit {
		t.Errorf("%d bytes allocated, %d allowed", allocated, limit)
	}
	if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Good || s.count("/crl") != 1 {
		t.Errorf("not listed: %q %v", answer.Status, err)
	}
}

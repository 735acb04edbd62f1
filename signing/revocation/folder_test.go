package revocation_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"elicensing/signing/revocation"
)

// inFolder is a client that keeps its lists, as after a restart of the program.
func (s *stand) inFolder(t *testing.T, folder string) (*revocation.Client, *[]error) {
	c := s.client(t)
	var warned []error
	c.Folder, c.Warn = folder, func(err error) { warned = append(warned, err) }
	return c, &warned
}

func kept(t *testing.T, folder, ending string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*"+ending))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v %v", names, err)
	}
	return names[0]
}

// A restarted program has the list of before, and asks only when its age or its end says so.
func TestListsOutliveTheProgram(t *testing.T) {
	s := listsOnly(t)
	folder := filepath.Join(t.TempDir(), "lists")
	person := s.ca.issue(t, 7, nil)
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{revoked: map[int64]int{7: 1}})) })
	for _, step := range []struct {
		what      string
		at        time.Time
		downloads int
		ok        bool
	}{
		{"first", t0, 1, true},
		{"restarted", t0.Add(time.Minute), 1, true},
		{"restarted after its age", t0.Add(2 * time.Hour), 2, true},
		{"its age begins anew", t0.Add(150 * time.Minute), 2, true},
		{"restarted after its end", t0.AddDate(0, 0, 8), 3, false}, // the authority has no other
	} {
		c, _ := s.inFolder(t, folder)
		answer, err := check(t, c, person, s.ca, step.at)
		if step.ok != (err == nil && answer.Status == revocation.Revoked) || s.count("/crl") != step.downloads {
			t.Errorf("%s: %q %v, %d downloads", step.what, answer.Status, err, s.count("/crl"))
		}
	}
	s.set(func(s *stand) { s.onCRL = silent })
	c, warned := s.inFolder(t, folder)
	if answer, err := check(t, c, person, s.ca, t0.Add(3*time.Hour)); err != nil || answer.Status != revocation.Revoked || len(*warned) != 1 {
		t.Errorf("silent authority: %q %v %v", answer.Status, err, *warned)
	}
	if parts, err := filepath.Glob(filepath.Join(folder, "*.part")); err != nil || len(parts) > 0 {
		t.Errorf("left behind: %v %v", parts, err)
	}
}

// A file that is not the list it should be is not used, and a download that breaks leaves the good file.
func TestKeptFilesAreNotTrusted(t *testing.T) {
	s := listsOnly(t)
	person := s.ca.issue(t, 7, nil)
	good := s.ca.list(t, listing{number: 3, revoked: map[int64]int{7: 1}})
	stranger := newAuthority(t, "Authority", "stranger")
	for name, file := range map[string][]byte{
		"cut off":      good[:len(good)-5],
		"empty":        nil,
		"by a forger":  stranger.list(t, listing{number: 9}),
		"not a list":   []byte("list"),
		"out of date":  s.ca.list(t, listing{number: 2, at: t0.AddDate(0, 0, -9), until: t0.AddDate(0, 0, -2)}),
		"far too long": make([]byte, 3<<20),
	} {
		folder := t.TempDir()
		s.set(func(s *stand) { s.onCRL = reply(good) })
		c, _ := s.inFolder(t, folder)
		if _, err := check(t, c, person, s.ca, t0); err != nil {
			t.Fatal(err)
		}
		path := kept(t, folder, ".crl")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		before := s.count("/crl")
		c, warned := s.inFolder(t, folder)
		c.MaxList = 1 << 20
		answer, err := check(t, c, person, s.ca, t0)
		if err != nil || answer.Status != revocation.Revoked || s.count("/crl") != before+1 || len(*warned) != 1 {
			t.Errorf("%s: %q %v, %v", name, answer.Status, err, *warned)
		}
		s.set(func(s *stand) { s.onCRL = truncated(s.ca.list(t, listing{number: 4})) })
		c, _ = s.inFolder(t, folder)
		if answer, err = check(t, c, person, s.ca, t0.Add(2*time.Hour)); err != nil || answer.Status != revocation.Revoked {
			t.Errorf("%s, then a broken download: %q %v", name, answer.Status, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, good) {
			t.Errorf("%s: the good file is gone (%v)", name, err)
		}
	}
}

// A file of a gigabyte is not taken into memory to see that it is no list.
func TestAKeptFileTakesNoMemoryBeyondTheLimit(t *testing.T) {
	s := listsOnly(t)
	folder := t.TempDir()
	person := s.ca.issue(t, 7, nil)
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{})) })
	c, _ := s.inFolder(t, folder)
	if _, err := check(t, c, person, s.ca, t0); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(kept(t, folder, ".crl"), 1<<30); err != nil { // without blocks on the disk
		t.Fatal(err)
	}
	c, _ = s.inFolder(t, folder)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := check(t, c, person, s.ca, t0)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; err != nil || allocated > 16<<20 {
		t.Errorf("%v, %d bytes allocated", err, allocated)
	}
}

// What is remembered of a list counts only for that very list.
func TestRememberedHeadersBelongToTheirList(t *testing.T) {
	s := listsOnly(t)
	folder := t.TempDir()
	person := s.ca.issue(t, 7, nil)
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{number: 3})) })
	c, _ := s.inFolder(t, folder)
	if _, err := check(t, c, person, s.ca, t0); err != nil {
		t.Fatal(err)
	}
	// As if the program had ended between the two files.
	if err := os.WriteFile(kept(t, folder, ".crl"), s.ca.list(t, listing{number: 4}), 0o600); err != nil {
		t.Fatal(err)
	}
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{number: 5, revoked: map[int64]int{7: 1}})) })
	c, _ = s.inFolder(t, folder)
	if answer, err := check(t, c, person, s.ca, t0.Add(time.Minute)); err != nil || answer.Status != revocation.Revoked || s.count("/crl") != 2 {
		t.Errorf("%q %v, %d downloads", answer.Status, err, s.count("/crl"))
	}
}

// Without a folder to write to the list serves from memory, and the program is told.
func TestAFullDiskDoesNotStopAnswers(t *testing.T) {
	s := listsOnly(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{})) })
	c, warned := s.inFolder(t, filepath.Join(file, "below"))
	answer, err := check(t, c, s.ca.issue(t, 7, nil), s.ca, t0)
	if err != nil || answer.Status != revocation.Good || len(*warned) == 0 {
		t.Errorf("%q %v %v", answer.Status, err, *warned)
	}
}

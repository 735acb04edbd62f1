package main

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/server/database/dbtest"
)

// What goes wrong at a start is said in one plain sentence with what to do, and the copy that runs is not harmed.
func TestASecondStartIsToldWhatToDo(t *testing.T) {
	m := newMachine(t)
	m.start()
	defer m.kill()
	refused := func(command string, says []string, settings ...string) {
		t.Helper()
		said, err := m.command([]string{command}, settings...).CombinedOutput()
		if err == nil {
			t.Errorf("%s started with %v:\n%s", command, settings, said)
		}
		for _, text := range says {
			if !strings.Contains(string(said), text) {
				t.Errorf("%s with %v does not say %q:\n%s", command, settings, text, said)
			}
		}
	}
	refused("demo", []string{m.addr + " is taken", "ELICENSING_ADDR"})
	other := "ELICENSING_ADDR=" + freeAddress(t)
	refused("demo", []string{m.gateway + " is taken", "ELICENSING_MOCK_GATEWAY_ADDR"}, other)
	refused("demo", []string{"in use by a running copy", "ELICENSING_DATA"}, other, "ELICENSING_MOCK_GATEWAY_ADDR="+freeAddress(t))
	refused("check", []string{"in use by a running copy"})
	refused("demo", []string{"is not host:port"}, "ELICENSING_ADDR=8080")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("demo", []string{"ELICENSING_DATA"}, other, "ELICENSING_MOCK_GATEWAY_ADDR="+freeAddress(t), "ELICENSING_DATA="+file)

	m.stop()
	if l, err := net.Listen("tcp", m.addr); err != nil {
		t.Errorf("the port is not free after the stop: %v", err)
	} else {
		l.Close()
	}
	m.start() // a second start on the same folder
	m.stop()
	if said := m.check(); strings.Contains(said, "bad") {
		t.Error(said)
	}
}

// Ctrl-C while the database is still being made: a plain word, no failure, and nothing that the next start could take for a database.
func TestInterruptedWhileTheDatabaseIsMade(t *testing.T) {
	m := newMachine(t)
	cmd := m.command([]string{"demo"})
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	var said []string
	for lines := bufio.NewScanner(read); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.HasPrefix(lines.Text(), "Creating a database") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	all := strings.Join(said, "\n")
	if err != nil || strings.Contains(all, "elicensing: ") || strings.Contains(all, "initdb") || !strings.HasSuffix(all, "Stopped before the portal was ready.") {
		t.Errorf("%v\n%s", err, all)
	}
	if _, err := os.Stat(filepath.Join(m.data, "postgres", "pgdata.new")); !os.IsNotExist(err) {
		t.Errorf("half a database is left (%v)", err)
	}
}

// Demo mode on a database that is given: the program brings it to this version and starts no PostgreSQL of its own, and a demo person files there.
func TestDemoOnAGivenDatabase(t *testing.T) {
	m := newMachine(t)
	m.start("ELICENSING_DATABASE_URL=" + dbtest.EmptyURL(t))
	defer m.kill()
	m.browser("person").file(func(string, string) {})
	m.stop()
	if _, err := os.Stat(filepath.Join(m.data, "postgres")); !os.IsNotExist(err) || strings.Contains(m.said.String(), "PostgreSQL") {
		t.Errorf("it started a PostgreSQL of its own (%v):\n%s", err, m.said)
	}
}

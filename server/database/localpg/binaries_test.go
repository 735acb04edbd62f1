package localpg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMissingBinariesAreNamed(t *testing.T) {
	_, err := findBinaries(t.Context(), []string{t.TempDir(), "/no/such/folder"}, 0)
	if ProblemOf(err) != BinariesMissing || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("got %v", err)
	}
}

func TestProgramThatDoesNotRunIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := findBinaries(t.Context(), []string{dir}, 0); ProblemOf(err) != BinariesMissing {
		t.Errorf("got %v", err)
	}
	if _, err := findBinaries(t.Context(), append([]string{dir}, candidateFolders()...), 0); err != nil {
		t.Errorf("the working installation behind it was not found: %v", err)
	}
}

func TestFolderOfAnotherVersionIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "pgdata"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "pgdata", "PG_VERSION"), "9\n")
	refused(t, dir, FolderOtherVersion, "PostgreSQL 9")
}

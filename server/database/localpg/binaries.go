package localpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// binaries is one installation of PostgreSQL.
type binaries struct {
	initdb, postgres string
	major            int    // 15
	version          string // "15.18"
}

// versionedFolders is where packages put the server's programs when they keep them off the PATH.
var versionedFolders = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // RPMs of the PostgreSQL project
	"/usr/libexec/postgresql*",  // Alpine
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
}

// findBinaries takes the first of the folders with a working server. wantMajor is the version that made an existing cluster, 0 for a
// new one: data files are only read by the major version that wrote them.
func findBinaries(ctx context.Context, folders []string, wantMajor int) (binaries, error) {
	var found []binaries
	for _, folder := range folders {
		b, ok := inspect(ctx, folder)
		if !ok {
			continue
		}
		if wantMajor == 0 || b.major == wantMajor {
			return b, nil
		}
		found = append(found, b)
	}
	if len(found) > 0 {
		return binaries{}, refuse(FolderOtherVersion, nil,
			"the database folder was made by PostgreSQL %d, and this machine has PostgreSQL %s: install PostgreSQL %d, or move the folder away to start with an empty one",
			wantMajor, found[0].version, wantMajor)
	}
	return binaries{}, refuse(BinariesMissing, nil,
		"PostgreSQL was not found on this machine (no initdb and postgres on the PATH, none in /usr/lib/postgresql): "+
			"install it (Debian: apt-get install postgresql), or set ELICENSING_DATABASE_URL to a PostgreSQL that runs elsewhere")
}

// candidateFolders are those on the PATH, then where packages put the server, newest first.
func candidateFolders() []string {
	var folders []string
	for _, program := range []string{"postgres", "initdb"} {
		if path, err := exec.LookPath(program); err == nil {
			if real, err := filepath.EvalSymlinks(path); err == nil {
				folders = append(folders, filepath.Dir(real))
			}
		}
	}
	for _, pattern := range versionedFolders {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue // the patterns are constants; a bad one finds nothing
		}
		sort.Slice(matches, func(i, j int) bool { return majorIn(matches[i]) > majorIn(matches[j]) })
		folders = append(folders, matches...)
	}
	return folders
}

var digits = regexp.MustCompile(`[0-9]+`)

func majorIn(path string) int {
	n, err := strconv.Atoi(digits.FindString(path))
	if err != nil {
		return 0
	}
	return n
}

// inspect asks the programs in folder for their version; ok is false when one is missing or does not run.
func inspect(ctx context.Context, folder string) (binaries, bool) {
	b := binaries{initdb: filepath.Join(folder, "initdb"), postgres: filepath.Join(folder, "postgres")}
	if info, err := os.Stat(b.initdb); err != nil || info.IsDir() {
		return binaries{}, false
	}
	answer, err := exec.CommandContext(ctx, b.postgres, "--version").Output() // postgres (PostgreSQL) 15.18 (Debian …)
	if err != nil {
		return binaries{}, false
	}
	words := strings.Fields(string(answer))
	if len(words) < 3 {
		return binaries{}, false
	}
	b.version, b.major = words[2], majorIn(words[2])
	return b, b.major > 0
}

// majorOf reads which version made the data folder; 0 when there is none yet.
func majorOf(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major := majorIn(string(text))
	if major == 0 {
		return 0, fmt.Errorf("%s does not hold a version", filepath.Join(data, "PG_VERSION"))
	}
	return major, nil
}

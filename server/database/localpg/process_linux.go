package localpg

import (
	"os"
	"path/filepath"
	"strconv"
)

// servesFolder reports whether pid is a PostgreSQL whose working folder is data, where every process of a server lives.
func servesFolder(pid int, data string) bool {
	real, err := filepath.EvalSymlinks(data)
	if err != nil {
		return false
	}
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	return err == nil && cwd == real
}

// anyProcessIn reports whether a process works in data. Unsure counts as yes.
func anyProcessIn(data string) bool {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return true
	}
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil && servesFolder(pid, data) {
			return true
		}
	}
	return false
}

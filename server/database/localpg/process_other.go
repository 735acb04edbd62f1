//go:build unix && !linux

package localpg

import (
	"os/exec"
	"strconv"
	"strings"
)

// servesFolder reports whether pid is a PostgreSQL that was started on data.
func servesFolder(pid int, data string) bool {
	command, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(command), "postgres") && strings.Contains(string(command), data)
}

// anyProcessIn cannot be told without /proc, so a stale pid file is left to PostgreSQL.
func anyProcessIn(string) bool { return true }

// Package migrations carries the numbered SQL files that build the database, in the order in which they run. A file is never
// edited once it is merged: a correction is a new file. Each file runs in one transaction of its own (pressly/goose).
package migrations

import "embed"

// Files holds every migration, named NNNN_subject.sql.
//
//go:embed *.sql
var Files embed.FS

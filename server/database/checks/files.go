package checks

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"path"
)

// files: each scan lies in the folder with the bytes that came, and nothing lies there that no row knows (I2, I24).
func files(ctx context.Context, s Subject) (count int, bad []Finding, err error) {
	if s.Scans == nil {
		return 0, nil, errors.New("no folder of scans")
	}
	lying, err := blobs(s.Scans)
	if err != nil {
		return 0, nil, err
	}
	known, found, err := attached(ctx, s, lying)
	if err != nil {
		return 0, nil, err
	}
	for _, f := range found {
		// Discarded with its draft since the moment that is looked at?
		still, err := stands(ctx, s, f.Record)
		if err != nil {
			return 0, nil, err
		}
		if still {
			bad = append(bad, Finding{"scan " + f.Record, f.What})
		}
	}
	for id := range lying {
		if known[id] {
			continue
		}
		expected, err := expected(ctx, s, id)
		if err != nil {
			return 0, nil, err
		}
		if !expected {
			bad = append(bad, Finding{"scan " + id, "lies in the folder and belongs to nothing"})
		}
	}
	return len(known), bad, nil
}

// blobs are the files by id; the folders in which they lie only spread them.
func blobs(scans fs.FS) (map[string]string, error) {
	lying := map[string]string{}
	err := fs.WalkDir(scans, ".", func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && at == "unfinished": // being written, or cut short while it was
			return fs.SkipDir
		case !entry.IsDir():
			lying[path.Base(at)] = at
		}
		return nil
	})
	return lying, err
}

// attached looks at the scan of each row.
func attached(ctx context.Context, s Subject, lying map[string]string) (known map[string]bool, bad []Finding, err error) {
	rows, err := s.tx.Query(ctx, "SELECT id::text, size, sha256 FROM attachments ORDER BY id")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	known = map[string]bool{}
	for rows.Next() {
		var id string
		var size int64
		var digest []byte
		if err := rows.Scan(&id, &size, &digest); err != nil {
			return nil, nil, err
		}
		known[id] = true
		if what := different(s.Scans, lying[id], size, digest); what != "" {
			bad = append(bad, Finding{id, what})
		}
	}
	return known, bad, rows.Err()
}

func different(scans fs.FS, at string, size int64, digest []byte) string {
	if at == "" {
		return "is not in the folder"
	}
	file, err := scans.Open(at)
	if err != nil {
		return "cannot be opened"
	}
	defer file.Close() // opened for reading only
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	switch {
	case err != nil:
		return "cannot be read"
	case n != size || !bytes.Equal(sum.Sum(nil), digest):
		return "is not the one that came"
	}
	return ""
}

// expected tells whether a file without an attachment has its reason: an upload on its way, one whose removal waits its turn, or one that came
// after the moment that is looked at.
func expected(ctx context.Context, s Subject, id string) (yes bool, err error) {
	err = s.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM uploads WHERE id::text = $1) OR EXISTS (SELECT FROM attachments WHERE id::text = $1)
		OR EXISTS (SELECT FROM outbox WHERE kind = 'remove_scans' AND done_at IS NULL AND payload->'scans' ? $1)`, id).Scan(&yes)
	return yes, err
}

func stands(ctx context.Context, s Subject, id string) (yes bool, err error) {
	err = s.Pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM attachments WHERE id::text = $1)", id).Scan(&yes)
	return yes, err
}

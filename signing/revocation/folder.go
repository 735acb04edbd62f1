package revocation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// kept is what is remembered of a list beside its bytes.
type kept struct {
	Fetched  time.Time `json:"fetched"` // when the authority last gave it or said that it is still the newest
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"lastModified,omitempty"`
	SHA256   string    `json:"sha256"` // of the list that this speaks of
}

// file is where the list is kept: a name made of its address and its issuer, for several may be told to be
// at one address.
func (l *list) file(c *Client, ending string) string {
	sum := sha256.Sum256([]byte(issuerKey(l.issuer) + l.address))
	return filepath.Join(c.Folder, hex.EncodeToString(sum[:16])+ending)
}

// load takes the list out of the folder, if it is there and still good. It is read and verified like one
// that was downloaded: who can write the folder cannot forge a list.
func (l *list) load(c *Client, now time.Time) {
	if c.Folder == "" {
		return
	}
	der, err := readFile(l.file(c, ".crl"), orDefault(c.MaxList, defaultMaxList))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		c.warn(fmt.Errorf("revocation: kept list: %w", err))
		return
	}
	read, err := l.accept(der, c, now)
	if err != nil {
		c.warn(fmt.Errorf("revocation: kept list: %w", err))
		return
	}
	l.held = &held{list: read}
	var remembered kept
	text, err := readFile(l.file(c, ".json"), 4<<10)
	if err == nil {
		err = json.Unmarshal(text, &remembered)
	}
	if err != nil || remembered.SHA256 != sumOf(der) { // then it is asked for anew
		return
	}
	l.held.kept = remembered
}

// save puts a list into the folder, so that it is there whole or not at all: first under another name, then
// renamed. What is remembered of it comes after it and names it by its hash.
func (l *list) save(c *Client, h *held, whole bool) {
	if c.Folder == "" {
		return
	}
	if whole {
		h.SHA256 = sumOf(h.list.Raw)
	}
	text, err := json.Marshal(h.kept)
	if err == nil && whole {
		err = writeFile(l.file(c, ".crl"), h.list.Raw)
	}
	if err == nil {
		err = writeFile(l.file(c, ".json"), text)
	}
	if err != nil { // the list in memory is good nevertheless
		c.warn(fmt.Errorf("revocation: keep list: %w", err))
	}
}

func sumOf(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

func readFile(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, errTooLarge
	}
	return os.ReadFile(name)
}

func writeFile(name string, content []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	// One name a process: it has one download of a list under way, and what a crash leaves is overwritten.
	part := fmt.Sprintf("%s.%d.part", name, os.Getpid())
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, name)
}

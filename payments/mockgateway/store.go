package mockgateway

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// record is one line of the store: a change, complete in itself.
type record struct {
	Payment   *payment `json:"payment,omitempty"`
	Notice    *notice  `json:"notice,omitempty"`    // to be sent
	Delivered string   `json:"delivered,omitempty"` // id of a notice that was taken
}

// store is a file of JSON lines that only grows. A line counts once it is on the disk to
// its end; a half line of a crash is cut off at the next start.
type store struct {
	file       *os.File
	size       int64
	disposable bool // not put on the disk before a line counts
}

const storeFile = "payments.jsonl"

// openStore opens the store of a folder, making it if need be, and gives every record to
// take in order.
func openStore(dir string, disposable bool, take func(record)) (*store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mockgateway: make the folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, storeFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mockgateway: open the storage: %w", err)
	}
	s := &store{file: file, disposable: disposable}
	if err := s.load(dir, take); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *store) load(dir string, take func(record)) error {
	if err := syscall.Flock(int(s.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("mockgateway: the folder %s belongs to a running copy: %w", dir, err)
	}
	reader := bufio.NewReader(s.file)
	for number := 1; ; number++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what stands after the last line end was never acknowledged
		}
		if err != nil {
			return fmt.Errorf("mockgateway: read the storage: %w", err)
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return fmt.Errorf("mockgateway: the storage is damaged in line %d: %w", number, err)
		}
		take(r)
		s.size += int64(len(line))
	}
	if err := s.file.Truncate(s.size); err != nil {
		return fmt.Errorf("mockgateway: cut a half line off the storage: %w", err)
	}
	return syncFolder(dir)
}

// append puts a record on the disk. After an error the store is as it was before.
func (s *store) append(r record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("mockgateway: write a record: %w", err)
	}
	line = append(line, '\n')
	_, err = s.file.WriteAt(line, s.size)
	if err == nil && !s.disposable {
		err = s.file.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("mockgateway: write the storage: %w", err), s.file.Truncate(s.size))
	}
	s.size += int64(len(line))
	return nil
}

func (s *store) close() error {
	if err := s.file.Close(); err != nil {
		return fmt.Errorf("mockgateway: close the storage: %w", err)
	}
	return nil
}

// syncFolder makes the file's name itself survive a crash.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("mockgateway: open the folder: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("mockgateway: keep the folder: %w", err)
	}
	return nil
}

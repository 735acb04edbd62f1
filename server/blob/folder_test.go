package blob_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"elicensing/server/blob"
)

const (
	anID      = "0199f3a0-7c11-7d2e-8f00-3a5b6c7d8e9f"
	anotherID = "0199f3a0-7c12-7d2e-8f00-3a5b6c7d8e9f"
)

func openFolder(t *testing.T) (*blob.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "blobs")
	folder, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := folder.Close(); err != nil {
			t.Error(err)
		}
	})
	return folder, dir
}

func content(t *testing.T, store blob.Store, id string) string {
	t.Helper()
	r, size, err := store.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(text)) != size {
		t.Fatalf("%d bytes read, size says %d", len(text), size)
	}
	return string(text)
}

// files lists what lies in the folder, unfinished blobs included.
func files(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPutIsWholeOrNothing(t *testing.T) {
	store, dir := openFolder(t)
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := store.Put(anID, broken, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a broken source: %v", err)
	}
	if _, err := store.Put(anID, strings.NewReader("12345"), 4); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("refused blobs left %v", left)
	}
	if size, err := store.Put(anID, strings.NewReader("1234"), 4); err != nil || size != 4 {
		t.Fatalf("%d, %v", size, err)
	}
	if _, err := store.Put(anID, strings.NewReader("else"), 4); !errors.Is(err, blob.ErrExists) {
		t.Errorf("a blob was replaced: %v", err)
	}
	if got := content(t, store, anID); got != "1234" {
		t.Errorf("content %q", got)
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("the folder holds %v", left)
	}
}

func TestAppendAfterACut(t *testing.T) {
	store, _ := openFolder(t)
	if err := store.Create(anID); err != nil {
		t.Fatal(err)
	}
	whole := strings.Repeat("0123456789", 30_000)
	cut := io.MultiReader(strings.NewReader(whole[:123_457]), iotest.ErrReader(io.ErrUnexpectedEOF))
	size, err := store.Append(anID, 0, cut, int64(len(whole)))
	if !errors.Is(err, io.ErrUnexpectedEOF) || size != 123_457 {
		t.Fatalf("after the cut: %d, %v", size, err)
	}
	if size, err = store.Append(anID, size, strings.NewReader(whole[size:]), int64(len(whole))); err != nil || size != int64(len(whole)) {
		t.Fatalf("resumed: %d, %v", size, err)
	}
	if content(t, store, anID) != whole {
		t.Error("the resumed blob differs from what was sent")
	}
}

func TestAppendRefuses(t *testing.T) {
	store, _ := openFolder(t)
	if _, err := store.Append(anID, 0, strings.NewReader("x"), 10); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("to a blob that was not created: %v", err)
	}
	if err := store.Create(anID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Append(anID, 0, strings.NewReader("12345"), 10); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{-1, 0, 4, 6, 1 << 40} {
		if size, err := store.Append(anID, offset, strings.NewReader("x"), 10); !errors.Is(err, blob.ErrOffset) || size != 5 {
			t.Errorf("at %d: %d, %v", offset, size, err)
		}
	}
	if size, err := store.Append(anID, 5, strings.NewReader("678901"), 10); !errors.Is(err, blob.ErrTooLarge) || size != 5 {
		t.Errorf("past the limit: %d, %v", size, err)
	}
	if size, err := store.Append(anID, 5, strings.NewReader("x"), 3); !errors.Is(err, blob.ErrTooLarge) || size != 5 {
		t.Errorf("beyond a limit below the size: %d, %v", size, err)
	}
	if got := content(t, store, anID); got != "12345" {
		t.Errorf("a refused chunk left %q", got)
	}
	if size, err := store.Append(anID, 5, strings.NewReader("67890"), 10); err != nil || size != 10 {
		t.Errorf("up to the limit: %d, %v", size, err)
	}
	if size, err := store.Append(anID, 10, strings.NewReader(""), 10); err != nil || size != 10 {
		t.Errorf("nothing more: %d, %v", size, err)
	}
}

// The sender is back on a new connection while the old one still hangs.
func TestSecondAppendWaitsItsTurn(t *testing.T) {
	store, _ := openFolder(t)
	if err := store.Create(anID); err != nil {
		t.Fatal(err)
	}
	hanging, sender := io.Pipe()
	first := make(chan error, 1)
	go func() {
		_, err := store.Append(anID, 0, hanging, 100)
		first <- err
	}()
	if _, err := sender.Write([]byte("first")); err != nil { // returns once the first Append reads, so it holds the lock
		t.Fatal(err)
	}
	if _, err := store.Append(anID, 0, strings.NewReader("second"), 100); !errors.Is(err, blob.ErrBusy) {
		t.Errorf("the second writer got %v", err)
	}
	if err := sender.CloseWithError(io.ErrUnexpectedEOF); err != nil {
		t.Fatal(err)
	}
	if err := <-first; !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the first writer got %v", err)
	}
	if size, err := store.Append(anID, 5, strings.NewReader("!"), 100); err != nil || size != 6 {
		t.Errorf("afterwards: %d, %v", size, err)
	}
}

func TestNamesFromOutsideAreNoPaths(t *testing.T) {
	store, dir := openFolder(t)
	bad := []string{"", "short", "../../etc/passwd", "aaaaaaaa/bbbb", `aaaaaaaa\bbbb`, "..aaaaaaaaaa", "AAAAAAAAAAAA", "aaaaaaaa\x00", "aaaaaaaa.pdf", "қазақша-қазақша", strings.Repeat("a", 65)}
	for _, id := range bad {
		_, putErr := store.Put(id, strings.NewReader("x"), 9)
		_, appendErr := store.Append(id, 0, strings.NewReader("x"), 9)
		_, sizeErr := store.Size(id)
		_, _, openErr := store.Open(id)
		for what, err := range map[string]error{
			"put": putErr, "append": appendErr, "size": sizeErr, "open": openErr,
			"create": store.Create(id), "remove": store.Remove(id),
		} {
			if !errors.Is(err, blob.ErrBadID) {
				t.Errorf("%s %q: %v", what, id, err)
			}
		}
	}
	if left := files(t, filepath.Dir(dir)); len(left) != 0 {
		t.Errorf("files appeared: %v", left)
	}
}

func TestLinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	store, dir := openFolder(t)
	if _, err := store.Put(anID, strings.NewReader("ours"), 9); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := files(t, dir)[0]
	if err := errors.Join(os.Remove(file), os.Symlink(secret, file)); err != nil {
		t.Fatal(err)
	}
	if r, _, err := store.Open(anID); err == nil {
		t.Errorf("a link out of the folder was followed (close: %v)", r.Close())
	}
	if _, err := store.Append(anID, 6, strings.NewReader("x"), 9); err == nil {
		t.Error("a file outside the folder was written")
	}
}

func TestCreateAndRemove(t *testing.T) {
	store, dir := openFolder(t)
	if err := store.Create(anID); err != nil {
		t.Fatal(err)
	}
	if err := store.Create(anID); !errors.Is(err, blob.ErrExists) {
		t.Errorf("created twice: %v", err)
	}
	if size, err := store.Size(anID); err != nil || size != 0 {
		t.Errorf("a new blob has %d bytes, %v", size, err)
	}
	for range 2 {
		if err := store.Remove(anID); err != nil {
			t.Error(err)
		}
	}
	for _, id := range []string{anID, anotherID} {
		if _, err := store.Size(id); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("size of %s: %v", id, err)
		}
		if _, _, err := store.Open(id); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("open %s: %v", id, err)
		}
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFolderIsClosedToOthers(t *testing.T) {
	store, dir := openFolder(t)
	if _, err := store.Put(anID, bytes.NewReader(nil), 9); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files(t, dir), dir) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
	}
}

package localpg

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// publicFolder is one that every user may enter, with a copy of this test binary in it.
func publicFolder(t *testing.T) (dir, binary string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "localpg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "child")
	// By another program: a child that another test is just starting would have a copy of what we hold open for writing, and while anybody has one
	// nobody can run it.
	if said, err := exec.Command("cp", ourBinary(t), binary).CombinedOutput(); err != nil {
		t.Fatalf("copy this test: %v\n%s", err, said)
	}
	return dir, binary
}

// asNobody are the attributes of a process of user nobody. An ordinary user who runs the tests is one himself.
func asNobody(t *testing.T) (*syscall.SysProcAttr, int) {
	t.Helper()
	if os.Getuid() != 0 {
		return nil, os.Getuid()
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}, uid
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	dir, binary := publicFolder(t)
	attributes, uid := asNobody(t)
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, uid, -1); err != nil {
		t.Fatal(err)
	}
	c := startChild(t, binary, filepath.Join(data, "pg"), attributes)
	if !strings.HasPrefix(c.said, "postgres://") {
		t.Fatal(c.said)
	}
	c.finish(t)
	// What an ordinary user made, root goes on with, and the other way round afterwards.
	execute(t, startIn(t, filepath.Join(data, "pg")).URL(), "CREATE TABLE kept ()")
}

func TestAnothersFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir, binary := publicFolder(t)
	attributes, _ := asNobody(t)
	if attributes == nil {
		attributes = &syscall.SysProcAttr{}
		if err := os.Mkdir(filepath.Join(dir, "pg"), 0o500); err != nil {
			t.Fatal(err)
		}
	} else if err := startIn(t, filepath.Join(dir, "pg")).Stop(); err != nil {
		t.Fatal(err)
	}
	c := startChild(t, binary, filepath.Join(dir, "pg"), attributes)
	if !strings.HasPrefix(c.said, "refused: "+string(FolderForbidden)) || !strings.Contains(c.said, "another user") {
		t.Errorf("said %q", c.said)
	}
}

func TestFolderThatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	dir, binary := publicFolder(t)
	attributes, _ := asNobody(t)
	if err := os.Mkdir(filepath.Join(dir, "closed"), 0o500); err != nil {
		t.Fatal(err)
	}
	c := startChild(t, binary, filepath.Join(dir, "closed", "pg"), attributes)
	if !strings.HasPrefix(c.said, "refused: "+string(FolderForbidden)) || !strings.Contains(c.said, "ELICENSING_DATA") {
		t.Errorf("said %q", c.said)
	}
}

// Containers often forbid user namespaces; root then runs PostgreSQL as another user.
func TestRootWithoutUserNamespaces(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Log("only root chooses another user")
		return
	}
	dir, binary := publicFolder(t)
	barred := &syscall.SysProcAttr{
		Cloneflags:                 syscall.CLONE_NEWUSER,
		UidMappings:                []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 65536}},
		GidMappings:                []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 65536}},
		GidMappingsEnableSetgroups: true,
	}
	c := startChild(t, binary, filepath.Join(dir, "pg"), barred, childBarred+"=1")
	execute(t, c.address(t), "CREATE TABLE kept ()")
	info, err := os.Stat(filepath.Join(dir, "pg", "pgdata"))
	if err != nil {
		t.Fatal(err)
	}
	if owner, err := ownerOf(info); err != nil || owner == 0 {
		t.Fatalf("the data belong to user %d (%v): the namespace was not forbidden", owner, err)
	}
	c.finish(t)

	if err := os.Mkdir(filepath.Join(dir, "home"), 0o700); err != nil {
		t.Fatal(err)
	}
	c = startChild(t, binary, filepath.Join(dir, "home", "pg"), barred, childBarred+"=1")
	if !strings.HasPrefix(c.said, "refused: "+string(NoOrdinaryUser)) || !strings.Contains(c.said, "ELICENSING_DATA") {
		t.Errorf("below a closed home it said %q", c.said)
	}
}

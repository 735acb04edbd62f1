package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is the user PostgreSQL runs as. It refuses to be root, and wants a user that has a name.
type identity struct {
	mapped bool // in a user namespace of one user: uid and gid are what the child sees, the kernel goes on using ours
	other  bool // as uid and gid, whom root may become
	uid    int
	gid    int
}

// chooseIdentity finds the first way that works here: as ourselves; as ourselves under another name (user namespace), which needs no
// rights and keeps working below a home that others cannot enter; as another user, for root where namespaces are forbidden.
func chooseIdentity(ctx context.Context, f *folder, bin binaries) (identity, error) {
	owner := os.Getuid()
	if info, err := os.Stat(f.data); err == nil {
		if owner, err = ownerOf(info); err != nil {
			return identity{}, err
		}
	}
	named := func(uid int) bool { _, err := user.LookupId(strconv.Itoa(uid)); return err == nil }
	switch me := os.Getuid(); {
	case me != 0 && owner != me:
		return identity{}, refuse(FolderForbidden, nil,
			"the database folder %s belongs to another user: start as that user, or choose another folder with ELICENSING_DATA", f.path)
	case me != 0 && named(me):
		return identity{}, nil
	}
	uid, gid, err := ordinaryUser()
	if err != nil {
		return identity{}, err
	}
	if owner == os.Getuid() {
		as := identity{mapped: true, uid: uid, gid: gid}
		if as.runs(ctx, bin, f.path) == nil {
			return as, nil
		}
	} else if info, err := os.Stat(f.data); err == nil { // root on a folder that an ordinary user made
		uid = owner
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			gid = int(stat.Gid)
		}
	}
	return asAnotherUser(ctx, f, bin, identity{other: true, uid: uid, gid: gid})
}

func asAnotherUser(ctx context.Context, f *folder, bin binaries, as identity) (identity, error) {
	if os.Getuid() != 0 {
		return identity{}, refuse(NoOrdinaryUser, nil,
			"user number %d has no name on this machine, and PostgreSQL refuses to run so: start as another user, or set ELICENSING_DATABASE_URL", os.Getuid())
	}
	// The other user enters the folder but does not list it; the files below are its own or closed.
	if err := os.Chmod(f.path, 0o711); err != nil {
		return identity{}, refuse(FolderForbidden, err, "the folder %s cannot be opened for user %d", f.path, as.uid)
	}
	if err := os.Chown(f.socket, as.uid, as.gid); err != nil {
		return identity{}, refuse(FolderForbidden, err, "the folder %s cannot be given to user %d", f.socket, as.uid)
	}
	if err := as.runs(ctx, bin, f.path); err != nil {
		return identity{}, refuse(NoOrdinaryUser, err,
			"PostgreSQL refuses to run as root, user namespaces are not allowed here, and user %d cannot run it in %s: "+
				"choose a folder that every user may enter with ELICENSING_DATA (for example /var/lib/elicensing), or set ELICENSING_DATABASE_URL", as.uid, f.path)
	}
	return as, nil
}

// ordinaryUser finds the user to appear as: postgres when its package made one, else nobody.
func ordinaryUser() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(found.Uid)
		gid, gidErr := strconv.Atoi(found.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return uid, gid, nil
		}
	}
	return 0, 0, refuse(NoOrdinaryUser, nil,
		"PostgreSQL refuses to run as root and this machine has neither a user postgres nor nobody: start as an ordinary user, or set ELICENSING_DATABASE_URL")
}

// runs tries a harmless program in this identity and folder.
func (as identity) runs(ctx context.Context, bin binaries, dir string) error {
	cmd := exec.CommandContext(ctx, bin.postgres, "--version")
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, childEnvironment(), as.attributes()
	return cmd.Run()
}

// makeEmpty makes path an empty folder that belongs to the identity, closed to others.
func (as identity) makeEmpty(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return refuse(FolderForbidden, err, "what an earlier start left in %s cannot be removed", path)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return refuse(FolderForbidden, err, "the folder %s cannot be made", filepath.Dir(path))
	}
	if !as.other {
		return nil
	}
	if err := os.Chown(path, as.uid, as.gid); err != nil {
		return errors.Join(fmt.Errorf("give %s to user %d: %w", path, as.uid, err), os.Remove(path))
	}
	return nil
}

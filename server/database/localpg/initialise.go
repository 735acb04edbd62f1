package localpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// initialise makes an empty cluster beside its place and moves it there when it is whole, so that a start cut short leaves nothing
// that looks like a database.
func initialise(ctx context.Context, f *folder, bin binaries, as identity, disposable bool) error {
	fresh := filepath.Join(f.path, "pgdata.new")
	said := ""
	// C.UTF-8 orders by bytes and still knows small from capital letters in every script: ILIKE and lower() work for Ә and Қ.
	// Where it does not exist, another locale that knows UTF-8 is tried before the one that knows ASCII only.
	for _, ctype := range []string{"C.UTF-8", "en_US.UTF-8", "C"} {
		if err := as.makeEmpty(fresh); err != nil {
			return err
		}
		arguments := []string{"-D", fresh, "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--lc-ctype=" + ctype, "-k"}
		if disposable {
			arguments = append(arguments, "--no-sync")
		}
		cmd := exec.CommandContext(ctx, bin.initdb, arguments...)
		cmd.Dir, cmd.Env, cmd.SysProcAttr = fresh, childEnvironment(), as.attributes()
		output, err := cmd.CombinedOutput()
		if err == nil {
			if err := os.Rename(fresh, f.data); err != nil {
				return refuse(FolderForbidden, err, "the new database cannot be put into %s", f.data)
			}
			return nil
		}
		said = strings.TrimSpace(string(output))
		if !strings.Contains(said, "locale") || ctx.Err() != nil {
			break
		}
	}
	if err := os.RemoveAll(fresh); err != nil {
		said += fmt.Sprintf("\n(and %s cannot be removed: %v)", fresh, err)
	}
	return refuse(DidNotStart, ctx.Err(), "PostgreSQL could not create a database in %s; initdb says:\n%s", f.path, said)
}

package server_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "elicensing/"

// arrows holds, for each package or tree (`name/...`), which of our packages its code may import. The first matching row counts. A new
// arrow, or a package without a row, is a decision to be reviewed here, not an accident.
var arrows = []struct {
	from string
	to   string
}{
	{"cmd/...", "..."},

	{"server", "server/application server/blob server/calendar server/catalog server/complaint server/directory server/fault " +
		"server/identity server/journal server/licence server/outbox server/print signing/... payments/... frontend"},
	{"server/servertest", "..."},
	{"server/application", "server/blob server/calendar server/catalog server/directory server/fault server/identity server/journal " +
		"server/licence server/outbox server/print signing/... payments payments/bankreceipt"},
	{"server/blob", ""},
	{"server/calendar", ""},
	{"server/catalog", "server/fault"},
	{"server/complaint", "server/calendar server/fault server/identity server/journal server/outbox"},
	{"server/database", "migrations"},
	{"server/database/checks", "signing/..."}, // not the code that it checks
	{"server/database/dbtest", "migrations server/database server/database/localpg"},
	{"server/database/localpg", ""},
	{"server/directory", "server/fault"},
	{"server/fault", ""},
	{"server/identity", "server/fault server/journal signing/..."},
	{"server/journal", ""},
	{"server/licence", "server/calendar server/catalog server/fault server/identity server/journal"},
	{"server/outbox", "server/fault"},
	{"server/print", ""},

	// What stands alone.
	{"signing/...", "signing/..."},
	{"payments/...", "payments/..."},
	{"migrations", ""},
	{"frontend", ""},
}

// testsOnly may be imported by _test.go files and by each other, never by the program.
var testsOnly = []string{"server/servertest", "server/database/dbtest", "signing/signingtest"}

// outsideFences keep a library where it belongs: HTTP in the handlers, the browser's system calls in the browser's signer.
var outsideFences = map[string]string{
	"github.com/gin-gonic/gin":    "server",
	"github.com/gorilla/sessions": "server server/identity",
	"syscall/js":                  "signing/wasm",
}

func TestImportDirections(t *testing.T) {
	imports := readImports(t, "..")
	if len(imports) < 10 {
		t.Fatalf("only %d packages were read: the check looks in the wrong place", len(imports))
	}
	for _, wrong := range violations(imports) {
		t.Error(wrong)
	}
}

func TestImportCheckSeesWrongArrows(t *testing.T) {
	for name, graph := range map[string]map[string][]string{
		"a sibling not listed":               {"server/calendar": {module + "server/journal"}},
		"upwards":                            {"server/application": {module + "server"}},
		"into the program":                   {"server": {module + "cmd/elicensing"}},
		"a library that leaves its shell":    {"signing/cms": {module + "server/fault"}},
		"payments that know the portal":      {"payments/gateway": {module + "server/application"}},
		"test code in the program":           {"cmd/elicensing": {module + "server/servertest"}},
		"test code in a library":             {"signing": {module + "signing/signingtest"}},
		"HTTP in the rules":                  {"server/application": {"github.com/gin-gonic/gin"}},
		"a package that nobody decided upon": {"server/utils": nil},
	} {
		if len(violations(graph)) != 1 {
			t.Errorf("%s: found %v, want one", name, violations(graph))
		}
	}
	allowed := map[string][]string{
		"server/application": {"context", module + "signing/asice", module + "payments"},
		"signing/cms":        {module + "signing"},
		"cmd/elicensing":     {module + "server", module + "server/database/localpg"},
		"server/servertest":  {module + "server/database/dbtest", module + "signing/signingtest"},
	}
	if found := violations(allowed); len(found) != 0 {
		t.Errorf("allowed arrows are refused: %v", found)
	}
}

// violations lists, sorted, every import that no row allows. The keys are packages without the module's name.
func violations(imports map[string][]string) []string {
	var found []string
	for from, targets := range imports {
		row := slices.IndexFunc(arrows, func(a struct{ from, to string }) bool { return covers(a.from, from) })
		if row < 0 {
			found = append(found, fmt.Sprintf("package %s has no row in the table of import directions", from))
			continue
		}
		for _, target := range targets {
			if fence, ok := outsideFences[target]; ok && !coveredByAny(fence, from) && !slices.Contains(testsOnly, from) {
				found = append(found, fmt.Sprintf("%s may not import %s (only: %s)", from, target, fence))
			}
			ours, inside := strings.CutPrefix(target, module)
			if !inside {
				continue
			}
			if slices.Contains(testsOnly, ours) && !slices.Contains(testsOnly, from) {
				found = append(found, fmt.Sprintf("%s may not import %s: it is for tests", from, ours))
			} else if covers("cmd/...", ours) || !coveredByAny(arrows[row].to, ours) {
				found = append(found, fmt.Sprintf("%s may not import %s", from, ours))
			}
		}
	}
	slices.Sort(found)
	return found
}

func coveredByAny(patterns, name string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool { return covers(pattern, name) })
}

// covers: `...` is everything, `a/...` is a and all below it.
func covers(pattern, name string) bool {
	if pattern == "..." {
		return true
	}
	tree, ok := strings.CutSuffix(pattern, "/...")
	return name == tree || ok && strings.HasPrefix(name, tree+"/")
}

// programs is where the module has program files. The folders above are not looked into: what is built there changes, and Go would forget each time that
// the tests of this package have passed.
var programs = []string{"cmd", "frontend/embed.go", "migrations", "payments", "server", "signing"}

// readImports parses the import clauses of every program file (not _test.go) of the module, whatever its build tags.
func readImports(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	read := func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(relative))
		if _, seen := imports[from]; !seen {
			imports[from] = nil
		}
		for _, spec := range parsed.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(imports[from], target) {
				imports[from] = append(imports[from], target)
			}
		}
		return nil
	}
	for _, tree := range programs {
		if err := filepath.WalkDir(filepath.Join(root, tree), read); err != nil {
			t.Fatal(err)
		}
	}
	return imports
}

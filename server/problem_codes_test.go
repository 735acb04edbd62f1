package server_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// The contract lists every code with which the portal refuses and no other: clients depend on codes, and a page that does not know one cannot
// say what happened. That each has its texts is held by frontend/src/i18n/errorCodes.test.ts, which reads the same list.
func TestTheContractNamesEveryCode(t *testing.T) {
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	code := contract.Components.Schemas["Problem"].Value.Properties["code"]
	if code.Ref != "#/components/schemas/ProblemCode" {
		t.Fatalf("the code of a problem is %q", code.Ref)
	}
	var listed []string
	for _, value := range code.Value.Enum {
		listed = append(listed, fmt.Sprint(value))
	}
	if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
		t.Error("the codes of the contract are not in order, or one stands there twice")
	}
	said := readSources(t).codes(t)
	if len(said) < 100 {
		t.Fatalf("only %d codes were found: the check looks in the wrong place", len(said))
	}
	for _, code := range slices.Sorted(maps.Keys(said)) {
		if !slices.Contains(listed, code) {
			t.Errorf("%s (%s) is not in the contract's ProblemCode", code, said[code])
		}
	}
	for _, code := range listed {
		if said[code] == "" {
			t.Errorf("the contract's ProblemCode has %s, with which nothing is refused", code)
		}
	}
}

// sources are the program's files, by the folder of their package, as seen from the project's root.
type sources map[string]map[string]*ast.File

func readSources(t *testing.T) sources {
	t.Helper()
	s := sources{}
	for _, tree := range []string{"server", "payments", "signing"} {
		err := filepath.WalkDir(filepath.Join("..", tree), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			folder := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))
			if slices.Contains(testsOnly, folder) {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			if s[folder] == nil {
				s[folder] = map[string]*ast.File{}
			}
			s[folder][filepath.Base(path)] = file
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// makers are the functions of package fault that take a code.
var makers = []string{"Invalid", "Malformed", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "TooLarge", "TooMany", "Unavailable"}

// drawn says where the codes come from that stand in a variable where the refusal is made. A place without a row is a decision to be made here.
var drawn = map[string]func(s sources) []string{
	"server/identity/refusal.go reason":     sources.reasons,
	"server/application/process.go blocked": sources.guards,
}

// codes finds every code with which the program refuses, with the file in which the refusal is made.
func (s sources) codes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for folder, files := range s {
		if folder == "server/fault" {
			continue // it makes what others name
		}
		for name, file := range files {
			place := folder + "/" + name
			take := func(expression ast.Expr) {
				t.Helper()
				codes := s.resolve(folder, file, expression)
				if from := drawn[place+" "+nameOf(expression)]; from != nil {
					codes = from(s)
				}
				if len(codes) == 0 {
					t.Errorf("%s: which code is %s?", place, nameOf(expression))
				}
				for _, code := range codes {
					found[code] = place
				}
			}
			called := map[ast.Expr]bool{}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if makes(n.Fun) {
						called[n.Fun] = true
						take(n.Args[0])
					}
				case *ast.CompositeLit:
					if nameOf(n.Type) == "fault.Error" {
						for _, element := range n.Elts {
							if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == "Code" {
								take(pair.Value)
							}
						}
					}
					if len(n.Elts) == 2 && makes(n.Elts[1]) { // a refusal of another package, with the kind that it has here
						called[n.Elts[1]] = true
						take(&ast.SelectorExpr{X: n.Elts[0], Sel: ast.NewIdent("Code")})
					}
				case *ast.SelectorExpr:
					if makes(n) && !called[n] {
						t.Errorf("%s: %s is neither called nor stands beside a refusal", place, nameOf(n))
					}
				}
				return true
			})
		}
	}
	return found
}

func makes(function ast.Expr) bool {
	of, name, selected := strings.Cut(nameOf(function), ".")
	return selected && of == "fault" && slices.Contains(makers, name)
}

// nameOf is a name as it is written, with dots; "" for any other expression.
func nameOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return nameOf(e.Fun) + "()"
	}
	return ""
}

// resolve gives the values that an expression may have: a text, a constant, the code of a refusal of payments, what a function returns, or what
// the callers give to a parameter.
func (s sources) resolve(folder string, file *ast.File, expression ast.Expr) []string {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return []string{text}
		}
	case *ast.Ident:
		if value := s.declared(folder, e.Name); value != nil {
			return s.resolve(folder, file, value)
		}
		return s.given(folder, file, e)
	case *ast.SelectorExpr:
		switch of, name, _ := strings.Cut(nameOf(e), "."); of {
		case "signing":
			return s.resolve("signing", nil, s.declared("signing", name))
		case "payments":
			if refusal, ok := s.declared("payments", strings.TrimSuffix(name, ".Code")).(*ast.UnaryExpr); ok {
				return s.resolve("payments", nil, refusal.X.(*ast.CompositeLit).Elts[0])
			}
		}
	case *ast.CallExpr:
		if name, ok := e.Fun.(*ast.Ident); ok {
			return s.returned(folder, func(f *ast.FuncDecl) bool { return f.Name.Name == name.Name })
		}
	}
	return nil
}

// declared is the value with which a package declares a name.
func (s sources) declared(folder, name string) ast.Expr {
	for _, file := range s[folder] {
		for _, declaration := range file.Decls {
			group, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				values, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for i, n := range values.Names {
					if n.Name == name && i < len(values.Values) {
						return values.Values[i]
					}
				}
			}
		}
	}
	return nil
}

// functions are those of a package that are wanted.
func (s sources) functions(folder string, wanted func(*ast.FuncDecl) bool) (found []*ast.FuncDecl) {
	for _, file := range s[folder] {
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && wanted(f) {
				found = append(found, f)
			}
		}
	}
	return found
}

// returned are the values that functions return; "" stands for none.
func (s sources) returned(folder string, wanted func(*ast.FuncDecl) bool) (values []string) {
	for _, f := range s.functions(folder, wanted) {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if back, ok := n.(*ast.ReturnStmt); ok && len(back.Results) == 1 {
				values = append(values, s.resolve(folder, nil, back.Results[0])...)
			}
			return true
		})
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// given are the values that the callers, in the same package, give to a parameter of the function around it.
func (s sources) given(folder string, file *ast.File, parameter *ast.Ident) (values []string) {
	if file == nil {
		return nil
	}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok || parameter.Pos() < f.Pos() || parameter.Pos() > f.End() {
			continue
		}
		at := 0
		for _, field := range f.Type.Params.List {
			for _, name := range field.Names {
				if name.Name == parameter.Name {
					values = append(values, s.passed(folder, f.Name.Name, at)...)
				}
				at++
			}
		}
	}
	return values
}

// passed are the values of one argument in all calls of a function within its package.
func (s sources) passed(folder, function string, at int) (values []string) {
	for _, file := range s[folder] {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && nameOf(call.Fun) == function {
				values = append(values, s.resolve(folder, file, call.Args[at])...)
			}
			return true
		})
	}
	return values
}

// guards are the codes of the guards of the process table, with which permit refuses.
func (s sources) guards() []string {
	guards := s["server/application"]["guards.go"].Decls
	return s.returned("server/application", func(f *ast.FuncDecl) bool { return slices.Contains(guards, ast.Decl(f)) })
}

// reasons are those of one signature. Those of time stamps and of documents that hold signatures stand in reports only: what is sent to be
// judged as somebody's act is one CMS.
func (s sources) reasons() (values []string) {
	for _, declaration := range s["signing"]["reason.go"].Decls {
		if group, ok := declaration.(*ast.GenDecl); ok {
			for _, spec := range group.Specs {
				v, ok := spec.(*ast.ValueSpec)
				if ok && nameOf(v.Type) == "Reason" && !strings.HasPrefix(v.Names[0].Name, "Stamp") && !strings.HasPrefix(v.Names[0].Name, "Document") {
					values = append(values, s.resolve("signing", nil, v.Values[0])...)
				}
			}
		}
	}
	return values
}

package signing_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every exported name of the packages under this one says what it is: functions, methods, types, their fields,
// constants and variables.
func TestEveryExportedNameIsDocumented(t *testing.T) {
	names := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && explained[path] {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() || filepath.Dir(path) == "." || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if file.Name.Name == "main" {
			return nil
		}
		names += documented(file, func(at token.Pos, what string) { t.Errorf("%s: %s has no comment", files.Position(at), what) })
		return nil
	})
	if err != nil || names < 200 {
		t.Errorf("%d exported names (%v)", names, err)
	}
}

// explained are folders whose names a table explains: a role or use beside its identifier and clause.
var explained = map[string]bool{"profile": true}

// documented reports what has no comment, and returns how many exported names there are.
func documented(file *ast.File, bare func(at token.Pos, what string)) int {
	names := 0
	say := func(at token.Pos, what string, comments ...*ast.CommentGroup) {
		names++
		for _, c := range comments {
			if c.Text() != "" {
				return
			}
		}
		bare(at, what)
	}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && exportedReceiver(d) {
				say(d.Pos(), d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() {
						say(s.Pos(), s.Name.Name, s.Doc, s.Comment, d.Doc)
						members(s, say)
					}
				case *ast.ValueSpec:
					comments := []*ast.CommentGroup{s.Doc, s.Comment}
					if !d.Lparen.IsValid() { // it is not a group
						comments = append(comments, d.Doc)
					}
					for _, name := range s.Names {
						if name.IsExported() {
							say(name.Pos(), name.Name, comments...)
						}
					}
				}
			}
		}
	}
	return names
}

// members are the fields of a struct and the methods of an interface.
func members(s *ast.TypeSpec, say func(token.Pos, string, ...*ast.CommentGroup)) {
	var fields *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return
	}
	for _, f := range fields.List {
		for _, name := range f.Names {
			if name.IsExported() {
				say(name.Pos(), s.Name.Name+"."+name.Name, f.Doc, f.Comment)
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	of := d.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.IsExported()
}

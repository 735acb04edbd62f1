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

// Every exported name of this package and those under it says what it is: functions, methods, types, their fields,
// constants and variables. A function that answers with an error says with which.
func TestEveryExportedNameIsDocumented(t *testing.T) {
	names := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
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
				if answersError(d.Type) && !strings.Contains(strings.ToLower(d.Doc.Text()), "err") {
					bare(d.Pos(), "the error of "+d.Name.Name)
				}
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

// answersError tells whether the last result of a function is an error.
func answersError(f *ast.FuncType) bool {
	if f.Results == nil {
		return false
	}
	last, ok := f.Results.List[len(f.Results.List)-1].Type.(*ast.Ident)
	return ok && last.Name == "error"
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

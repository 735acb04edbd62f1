package catalog

import (
	"fmt"
	"slices"
)

// fields checks questions of one level: of the form, or of a row.
func (c *checker) fields(list []Field, seen map[string]bool, path string, classifiers map[string]bool) {
	for i, f := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.unique(seen, f.ID, idPattern, at+".id")
		if joinPath(f.ID, "") == filePrefix {
			c.bad(at+".id", "%q is kept for files", f.ID)
		}
		c.applicants(f.For, at+".for")
		if !slices.Contains(fieldTypes, f.Type) {
			c.bad(at+".type", "unknown field type %q", f.Type)
			continue
		}
		c.attributes(f, at)
		c.siblings(f, list[:i], at)
		switch f.Type {
		case ChoiceField:
			c.options(f.Options, at)
		case ClassifierField:
			if !classifiers[f.Classifier] {
				c.bad(at+".classifier", "no classifier %q", f.Classifier)
			}
		case TableField:
			c.table(f, at)
		}
		if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
			c.bad(at+".min", "is more than max")
		}
	}
}

var fieldTypes = []FieldType{
	TextField, TextAreaField, NumberField, YearField, DateField, EmailField, PhoneField, IINField, BINField,
	ChoiceField, CheckboxField, ClassifierField, AddressField, AddressesField, TableField, AuthorityField,
}

// attributes refuses an attribute that its type does not know, and the absence of one it needs:
// a limit that nobody checks is worse than none.
func (c *checker) attributes(f Field, at string) {
	for _, a := range []struct {
		name  string
		given bool
		types []FieldType
		must  bool
	}{
		{"maxLength", f.MaxLength != 0, []FieldType{TextField, TextAreaField}, true},
		{"min", f.Min != nil, []FieldType{NumberField, YearField}, true},
		{"max", f.Max != nil, []FieldType{NumberField, YearField}, false},
		{"decimals", f.Decimals != 0, []FieldType{NumberField}, false},
		{"notFuture", f.NotFuture, []FieldType{DateField, YearField}, false},
		{"notPast", f.NotPast, []FieldType{DateField}, false},
		{"notBefore", f.NotBefore != "", []FieldType{DateField, YearField}, false},
		{"withinYears", f.WithinYears != 0, []FieldType{DateField}, false},
		{"options", len(f.Options) > 0, []FieldType{ChoiceField}, true},
		{"classifier", f.Classifier != "", []FieldType{ClassifierField}, true},
		{"maxItems", f.MaxItems != 0, []FieldType{ClassifierField}, true},
		{"columns", len(f.Columns) > 0, []FieldType{TableField}, true},
		{"minRows", f.MinRows != 0, []FieldType{TableField, AddressesField}, false},
		{"maxRows", f.MaxRows != 0, []FieldType{TableField, AddressesField}, true},
		{"paste", f.Paste, []FieldType{TableField}, false},
		{"length", f.Length != nil, []FieldType{TableField}, false},
	} {
		belongs := slices.Contains(a.types, f.Type)
		if a.given && !belongs {
			c.bad(at+"."+a.name, "does not belong to type %q", f.Type)
		}
		if a.must && belongs && !a.given {
			c.bad(at, "type %q needs %s", f.Type, a.name)
		}
	}
	for name, n := range map[string]int{"maxLength": f.MaxLength, "decimals": f.Decimals, "withinYears": f.WithinYears, "maxItems": f.MaxItems, "minRows": f.MinRows, "maxRows": f.MaxRows} {
		if n < 0 {
			c.bad(at+"."+name, "is negative")
		}
	}
	if f.MaxLength > maxTextLength {
		c.bad(at+".maxLength", "is more than %d", maxTextLength)
	}
	if f.MaxRows > maxRows || f.MaxItems > maxRows {
		c.bad(at+".maxRows", "is more than %d", maxRows)
	}
	if f.MinRows > f.MaxRows {
		c.bad(at+".minRows", "is more than maxRows")
	}
	if f.Required && (f.Type == TableField || f.Type == AddressesField) && f.MinRows == 0 {
		c.bad(at+".minRows", "a required list needs at least 1")
	}
}

// siblings checks conditions and orders: both point back, to a field asked before this one.
func (c *checker) siblings(f Field, before []Field, at string) {
	find := func(id string) (Field, bool) {
		i := slices.IndexFunc(before, func(b Field) bool { return b.ID == id })
		if i < 0 {
			return Field{}, false
		}
		return before[i], true
	}
	if f.When != nil {
		other, ok := find(f.When.Field)
		switch {
		case !ok:
			c.bad(at+".when.field", "no field %q before this one", f.When.Field)
		case other.Type != ChoiceField && other.Type != CheckboxField:
			c.bad(at+".when.field", "field %q is neither a choice nor a checkbox", f.When.Field)
		case len(f.When.In) == 0:
			c.bad(at+".when", "no values")
		default:
			for i, v := range f.When.In {
				if !slices.Contains(conditionValues(other), v) {
					c.bad(fmt.Sprintf("%s.when.in[%d]", at, i), "field %q has no value %q", f.When.Field, v)
				}
			}
		}
	}
	if f.NotBefore != "" {
		if other, ok := find(f.NotBefore); !ok || other.Type != f.Type {
			c.bad(at+".notBefore", "no %s field %q before this one", f.Type, f.NotBefore)
		}
	}
}

func conditionValues(f Field) []string {
	if f.Type == CheckboxField {
		return []string{"true", "false"}
	}
	var values []string
	for _, o := range f.Options {
		values = append(values, o.Value)
	}
	return values
}

func (c *checker) options(options []Option, at string) {
	seen := map[string]bool{}
	for i, o := range options {
		c.unique(seen, o.Value, codePattern, fmt.Sprintf("%s.options[%d].value", at, i))
	}
}

func (c *checker) table(f Field, at string) {
	for i, col := range f.Columns {
		switch col.Type {
		case TableField, AddressesField, AddressField, ClassifierField, CheckboxField, AuthorityField:
			c.bad(fmt.Sprintf("%s.columns[%d].type", at, i), "a %s cannot be a column", col.Type)
		}
	}
	c.fields(f.Columns, map[string]bool{}, at+".columns", nil)
	if f.Length == nil {
		return
	}
	for name, id := range map[string]string{"from": f.Length.From, "to": f.Length.To} {
		i := slices.IndexFunc(f.Columns, func(col Field) bool { return col.ID == id })
		if i < 0 || f.Columns[i].Type != DateField {
			c.bad(at+".length."+name, "no date column %q", id)
		}
	}
	if f.Length.MinYears < 1 {
		c.bad(at+".length.minYears", "must be 1 or more")
	}
}

// Package directory holds the 16 authorities that issue licences and the service centres that
// take papers (S3.1, S3.2, S13). It is data, loaded and checked once.
package directory

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"elicensing/server/fault"
)

//go:embed authorities.yaml
var authoritiesYAML []byte

//go:embed service-centres.csv
var centresCSV []byte

// Text is a text in the three languages of the portal.
type Text struct {
	KK string `yaml:"kk" json:"kk"`
	RU string `yaml:"ru" json:"ru"`
	EN string `yaml:"en" json:"en"`
}

func (t Text) complete() bool { return t.KK != "" && t.RU != "" && t.EN != "" }

// Authority is a health department of an akimat: the licensor.
type Authority struct {
	Code    string `yaml:"code" json:"code"` // two digits, first part of application numbers
	Name    Text   `yaml:"name" json:"name"` // full name of the licensor, as printed
	Region  Text   `yaml:"region" json:"region"`
	Place   Text   `yaml:"place" json:"place"` // place of issue, as printed on a licence
	Address Text   `yaml:"address" json:"address"`
	Phone   string `yaml:"phone" json:"phone"`
	Site    string `yaml:"site" json:"site"`
}

// Centre is a public service centre. Its names are published in Russian only.
type Centre struct {
	Authority string   `json:"authority"` // code of the authority of the same region
	Number    string   `json:"number"`    // number within the branch, e.g. "1.2.1"
	Name      string   `json:"name"`
	Address   string   `json:"address"`
	Phones    []string `json:"phones"`
}

// Directory is read-only after Load and safe for concurrent use.
type Directory struct {
	authorities []Authority
	byCode      map[string]Authority
	centres     []Centre
}

// Load reads the embedded data; a mistake in it is an error that names the entry.
func Load() (*Directory, error) { return parse(authoritiesYAML, centresCSV) }

var codePattern = regexp.MustCompile(`^[0-9]{2}$`)

func parse(authorities, centres []byte) (*Directory, error) {
	var file struct {
		Authorities []Authority `yaml:"authorities"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(authorities))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("authorities.yaml: %w", err)
	}
	d := &Directory{authorities: file.Authorities, byCode: map[string]Authority{}}
	var problems []error
	for _, a := range file.Authorities {
		_, twice := d.byCode[a.Code]
		switch {
		case !codePattern.MatchString(a.Code):
			problems = append(problems, fmt.Errorf("authorities.yaml: code %q is not two digits", a.Code))
		case twice:
			problems = append(problems, fmt.Errorf("authorities.yaml: code %s stands twice", a.Code))
		case !a.Name.complete() || !a.Region.complete() || !a.Place.complete() || !a.Address.complete():
			problems = append(problems, fmt.Errorf("authorities.yaml: %s lacks a text in one of the three languages", a.Code))
		case a.Phone == "" || a.Site == "":
			problems = append(problems, fmt.Errorf("authorities.yaml: %s lacks phone or site (S3.1)", a.Code))
		}
		d.byCode[a.Code] = a
	}
	if len(file.Authorities) == 0 {
		problems = append(problems, errors.New("authorities.yaml: no authorities"))
	}
	rows, err := csv.NewReader(bytes.NewReader(centres)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("service-centres.csv: %w", err)
	}
	if len(rows) < 2 || !slices.Equal(rows[0], []string{"authority", "number", "name", "address", "phones"}) {
		return nil, errors.New("service-centres.csv: wrong or missing header")
	}
	seen := map[string]bool{}
	for i, r := range rows[1:] {
		c := Centre{Authority: r[0], Number: r[1], Name: r[2], Address: r[3], Phones: []string{}}
		for p := range strings.SplitSeq(r[4], ";") {
			if p = strings.TrimSpace(p); p != "" {
				c.Phones = append(c.Phones, p)
			}
		}
		key := c.Authority + " " + c.Number
		if _, known := d.byCode[c.Authority]; !known || seen[key] || c.Name == "" || c.Address == "" {
			problems = append(problems, fmt.Errorf("service-centres.csv: row %d: unknown authority, repeated number, or no name or address", i+2))
		}
		seen[key] = true
		d.centres = append(d.centres, c)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return d, nil
}

// Authorities lists all authorities in the order of their codes.
func (d *Directory) Authorities() []Authority { return slices.Clone(d.authorities) }

// AuthorityCodes lists the codes, for the declarations that offer a choice of authority.
func (d *Directory) AuthorityCodes() []string {
	codes := make([]string, len(d.authorities))
	for i, a := range d.authorities {
		codes[i] = a.Code
	}
	return codes
}

// Authority finds one by its code; fault NotFound("authority_not_found") otherwise.
func (d *Directory) Authority(code string) (Authority, error) {
	a, ok := d.byCode[code]
	if !ok {
		return Authority{}, fault.NotFound("authority_not_found")
	}
	return a, nil
}

// ServiceCentres lists the centres of the authority's region, or all for an empty code.
func (d *Directory) ServiceCentres(authority string) []Centre {
	if authority == "" {
		return slices.Clone(d.centres)
	}
	list := []Centre{}
	for _, c := range d.centres {
		if c.Authority == authority {
			list = append(list, c)
		}
	}
	return list
}

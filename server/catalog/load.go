package catalog

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"elicensing/server/fault"
)

//go:embed services/*.yaml classifiers/*.csv
var declared embed.FS

// Catalog is every declared service in every version. Read-only after Load.
type Catalog struct {
	services []*Service // by code, then by version
}

// Load reads all declarations and checks them. authorities are the codes that an application may
// be addressed to. The error lists every mistake as "services/x.yaml:12: …".
func Load(authorities []string) (*Catalog, error) { return LoadFrom(declared, authorities) }

// LoadFrom is Load for declarations that lie elsewhere, in folders "services" and "classifiers": a test of a coming edition.
func LoadFrom(fsys fs.FS, authorities []string) (*Catalog, error) {
	names, err := fs.Glob(fsys, "services/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("catalog: no services are declared")
	}
	c := &Catalog{}
	var problems []error
	for _, name := range names {
		s, err := loadService(fsys, name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		s.authorities = map[string]bool{}
		for _, code := range authorities {
			s.authorities[code] = true
		}
		if other, err := c.Version(s.Code, s.Version); err == nil {
			problems = append(problems, fmt.Errorf("%s: version %d of %s is declared twice", name, other.Version, other.Code))
		}
		c.services = append(c.services, s)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	slices.SortFunc(c.services, func(a, b *Service) int {
		if a.Code != b.Code {
			return strings.Compare(a.Code, b.Code)
		}
		return a.Version - b.Version
	})
	return c, nil
}

func loadService(fsys fs.FS, name string) (*Service, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	var s Service
	if err := dec.Decode(&s); err != nil {
		return nil, yamlProblem(name, err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(raw, &root); err != nil {
		return nil, yamlProblem(name, err)
	}
	check := &checker{file: name, lines: linesOf(&root)}
	if !strings.HasPrefix(path.Base(name), s.Code) {
		check.bad("code", "the file is not named after the service %q", s.Code)
	}
	for i := range s.Classifiers {
		if err := s.Classifiers[i].load(fsys); err != nil {
			check.bad(fmt.Sprintf("classifiers[%d].file", i), "%v", err)
		}
	}
	s.AddressParts = AddressParts()
	check.service(&s)
	return &s, errors.Join(check.problems...)
}

// yamlProblem puts the file's name before each "line N: …" of the decoder.
func yamlProblem(name string, err error) error {
	var typed *yaml.TypeError
	if errors.As(err, &typed) {
		var all []error
		for _, e := range typed.Errors {
			all = append(all, lineFirst(name, e))
		}
		return errors.Join(all...)
	}
	return lineFirst(name, strings.TrimPrefix(err.Error(), "yaml: "))
}

func lineFirst(name, text string) error {
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if line, what, ok := strings.Cut(rest, ": "); ok {
			return fmt.Errorf("%s:%s: %s", name, line, what)
		}
	}
	return fmt.Errorf("%s: %s", name, text)
}

// LimitScans sets the limits of an installation in place of the declared ones: bytes of one scan and of all scans of an application together; 0
// leaves what is declared. Called before anything is served.
func (c *Catalog) LimitScans(fileBytes, totalBytes int64) error {
	for _, s := range c.services {
		limits := s.Upload
		if fileBytes > 0 {
			limits.MaxFileBytes = fileBytes
		}
		if totalBytes > 0 {
			limits.MaxTotalBytes = totalBytes
		}
		if limits.MaxTotalBytes < limits.MaxFileBytes {
			return fmt.Errorf("one scan may have %d bytes, but all together only %d", limits.MaxFileBytes, limits.MaxTotalBytes)
		}
		s.Upload = limits
	}
	return nil
}

// Services lists the newest version of each service.
func (c *Catalog) Services() []*Service {
	var out []*Service
	for i, s := range c.services {
		if i+1 == len(c.services) || c.services[i+1].Code != s.Code {
			out = append(out, s)
		}
	}
	return out
}

// Service finds the newest version; fault NotFound("service_not_found") otherwise.
func (c *Catalog) Service(code string) (*Service, error) {
	for _, s := range c.Services() {
		if s.Code == code {
			return s, nil
		}
	}
	return nil, fault.NotFound("service_not_found")
}

// Version finds the version under which an application was begun.
func (c *Catalog) Version(code string, version int) (*Service, error) {
	for _, s := range c.services {
		if s.Code == code && s.Version == version {
			return s, nil
		}
	}
	return nil, fault.NotFound("service_not_found")
}

// Kind finds what is asked for; fault NotFound("kind_not_found") otherwise.
func (s *Service) Kind(code string) (Kind, error) {
	for _, k := range s.Kinds {
		if k.Code == code {
			return k, nil
		}
	}
	return Kind{}, fault.NotFound("kind_not_found")
}

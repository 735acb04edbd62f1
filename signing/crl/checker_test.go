package crl_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// scene is one authority and its person, and what is asked about them.
type scene struct {
	root, ca, person *kit.Holder
	lists            [][]byte
	extra            []*certificate.Certificate
	checker          crl.Checker
}

func newScene(t testing.TB, changes ...kit.Change) *scene {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	return &scene{root: root, ca: ca, person: kit.Person(t, ca, "Person", changes...)}
}

func (s *scene) status(t testing.TB) (crl.Status, error) {
	t.Helper()
	var lists []*crl.List
	for _, der := range s.lists {
		lists = append(lists, parse(t, der))
	}
	checker := s.checker
	checker.Lists = crl.NewSet(lists...)
	checker.Paths = path.New(path.Options{Anchors: kit.Certificates(s.root)})
	return checker.Status(context.Background(), path.RevocationQuestion{
		Chain: kit.Certificates(s.person, s.ca, s.root), At: kit.Now, Extra: s.extra})
}

func (s *scene) expectGood(t testing.TB) {
	t.Helper()
	if status, err := s.status(t); err != nil || status.Revoked {
		t.Errorf("expected good, got %+v, %v", status.Entry, err)
	}
}

func (s *scene) expectRevoked(t testing.TB) {
	t.Helper()
	if status, err := s.status(t); err != nil || !status.Revoked || len(status.Lists) == 0 {
		t.Errorf("expected revoked, got %+v, %v", status.Entry, err)
	}
}

func (s *scene) expectUnknown(t testing.TB) {
	t.Helper()
	status, err := s.status(t)
	if !errors.Is(err, crl.ErrUndetermined) || status.Revoked || status.Lists != nil {
		t.Errorf("expected undetermined, got %+v, %v", status, err)
	}
}

func TestAListOfTheIssuer(t *testing.T) {
	s := newScene(t)
	s.lists = [][]byte{kit.List(t, s.ca)}
	s.expectGood(t)
	status, err := s.status(t)
	if err != nil || len(status.Lists) != 1 || !status.Until.Equal(kit.Now.Add(24*time.Hour)) {
		t.Errorf("%+v, %v", status, err)
	}
	s.lists = [][]byte{kit.List(t, s.ca, kit.Revoking(1, s.person))}
	s.expectRevoked(t)
	s.lists = [][]byte{kit.List(t, s.ca, kit.Revoking(1, kit.Person(t, s.ca, "Other")))}
	s.expectGood(t)
}

// TestListsThatSayNothing: each has one defect; the twin without it is the test above.
func TestListsThatSayNothing(t *testing.T) {
	const hour = time.Hour
	unknown := kit.WithExtension(asn1.ObjectIdentifier{1, 2, 3}, true, []byte{5, 0})
	for name, list := range map[string]func(t *testing.T, s *scene) [][]byte{
		"no list":           func(*testing.T, *scene) [][]byte { return nil },
		"run out":           func(t *testing.T, s *scene) [][]byte { return [][]byte{kit.List(t, s.ca, kit.Between(-3*hour, -hour))} },
		"from the future":   func(t *testing.T, s *scene) [][]byte { return [][]byte{kit.List(t, s.ca, kit.Between(hour, 3*hour))} },
		"of another issuer": func(t *testing.T, s *scene) [][]byte { return [][]byte{kit.List(t, s.root)} },
		"of another key, same name": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, kit.Authority(t, s.root, "CA"))}
		},
		"of another root's authority of the same name": func(t *testing.T, s *scene) [][]byte {
			other := kit.Root(t, "Other")
			impostor := kit.Authority(t, other, "CA")
			s.extra = kit.Certificates(other, impostor)
			return [][]byte{kit.List(t, impostor)}
		},
		"of a person with the name of the authority, under the same root": func(t *testing.T, s *scene) [][]byte {
			impostor := kit.Person(t, s.root, "CA", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature })
			s.extra = kit.Certificates(impostor)
			impostor.X509.KeyUsage = x509.KeyUsageCRLSign // to let crypto/x509 make the list
			return [][]byte{kit.List(t, impostor)}
		},
		"unknown critical extension": func(t *testing.T, s *scene) [][]byte { return [][]byte{kit.List(t, s.ca, unknown)} },
		"for authorities": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Flag(2)))}
		},
		"for attribute certificates": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Flag(5)))}
		},
		"for users and for authorities": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Flag(1), kit.Flag(2)))}
		},
		"of some reasons": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Bits(3, 0x06)))}
		},
		"of another distribution point": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.IssuingPoint(point(kit.URIName("http://a.kz/1"))))}
		},
		"a delta only": func(t *testing.T, s *scene) [][]byte {
			return [][]byte{kit.List(t, s.ca, kit.Numbered(2), kit.DeltaOf(1))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.lists = list(t, s)
			s.expectUnknown(t)
		})
	}
}

func point(names ...[]byte) []byte { return kit.Tagged(0, kit.Tagged(0, names...)) }

func TestAnUnknownCriticalExtensionOfAnyEntry(t *testing.T) {
	s := newScene(t)
	other := kit.Person(t, s.ca, "Other")
	revoking := kit.Revoking(1, other)
	s.lists = [][]byte{kit.List(t, s.ca, revoking, func(l *x509.RevocationList) {
		l.RevokedCertificateEntries[0].ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
	})}
	s.expectUnknown(t) // though the entry is about another (RFC 5280 §5.3)
}

func TestTheClock(t *testing.T) {
	s := newScene(t)
	s.lists = [][]byte{kit.List(t, s.ca, kit.Between(-3*time.Hour, -time.Hour))}
	s.checker.Skew = time.Hour
	s.expectGood(t)
	s.checker.Skew = time.Hour - time.Second
	s.expectUnknown(t)
	s.checker = crl.Checker{FreshAt: kit.Now.Add(-2 * time.Hour)}
	s.expectGood(t)
	s.checker = crl.Checker{FreshAt: kit.Now.Add(-4 * time.Hour)}
	s.expectUnknown(t)
}

// TestAListOfAnAlgorithmThatHasRunOut says nothing, at the time of the question or when lists must be of another time.
func TestAListOfAnAlgorithmThatHasRunOut(t *testing.T) {
	s := newScene(t)
	s.lists = [][]byte{kit.List(t, s.ca)}
	s.checker.Signatures = endingAt{kit.Now}
	s.expectUnknown(t)
	s.checker.Signatures = endingAt{kit.Now.Add(time.Second)}
	s.expectGood(t)
	s.checker.FreshAt = kit.Now.Add(time.Second)
	s.expectUnknown(t)
}

func TestTheNewestListDecides(t *testing.T) {
	s := newScene(t)
	older := kit.List(t, s.ca, kit.Numbered(1), kit.Revoking(6, s.person))
	newer := kit.List(t, s.ca, kit.Numbered(2))
	for _, lists := range [][][]byte{{older, newer}, {newer, older}} {
		s.lists = lists
		s.expectGood(t)
	}
	forged := kit.List(t, kit.Authority(t, s.root, "CA"), kit.Numbered(3))
	s.lists = [][]byte{forged, kit.List(t, s.ca, kit.Numbered(2), kit.Revoking(1, s.person))}
	s.expectRevoked(t) // the forged one is passed over
}

func TestDeltas(t *testing.T) {
	const hour = time.Hour
	stale := kit.Between(-3*hour, -hour)
	person := func(reason int, s *scene) kit.ListChange { return kit.Revoking(reason, s.person) }
	cases := []struct {
		name     string
		complete func(s *scene) []kit.ListChange
		delta    func(s *scene) []kit.ListChange
		expect   func(*scene, testing.TB)
	}{
		{"revoked since", nothing, func(s *scene) []kit.ListChange { return list(kit.Numbered(6), kit.DeltaOf(5), person(1, s)) }, (*scene).expectRevoked},
		{"nothing since", func(s *scene) []kit.ListChange { return list(person(1, s)) }, func(*scene) []kit.ListChange { return list(kit.Numbered(6), kit.DeltaOf(5)) }, (*scene).expectRevoked},
		{"released since", func(s *scene) []kit.ListChange { return list(person(6, s)) },
			func(s *scene) []kit.ListChange { return list(kit.Numbered(6), kit.DeltaOf(5), person(8, s)) }, (*scene).expectGood},
		{"complete list has run out, delta has not", func(*scene) []kit.ListChange { return list(stale) },
			func(*scene) []kit.ListChange { return list(kit.Numbered(6), kit.DeltaOf(4)) }, (*scene).expectGood},
		{"both have run out", func(*scene) []kit.ListChange { return list(stale) },
			func(*scene) []kit.ListChange { return list(kit.Numbered(6), kit.DeltaOf(4), stale) }, (*scene).expectUnknown},
		{"delta to a later list", func(*scene) []kit.ListChange { return list(stale) },
			func(*scene) []kit.ListChange { return list(kit.Numbered(7), kit.DeltaOf(6)) }, (*scene).expectUnknown},
		{"delta older than the list", func(*scene) []kit.ListChange { return list(stale) },
			func(*scene) []kit.ListChange { return list(kit.Numbered(5), kit.DeltaOf(4)) }, (*scene).expectUnknown},
		{"delta older than the list releases", func(s *scene) []kit.ListChange { return list(person(6, s)) },
			func(s *scene) []kit.ListChange { return list(kit.Numbered(4), kit.DeltaOf(3), person(8, s)) }, (*scene).expectRevoked},
		{"delta of another scope releases", func(s *scene) []kit.ListChange { return list(person(6, s)) },
			func(s *scene) []kit.ListChange {
				return list(kit.Numbered(6), kit.DeltaOf(5), person(8, s), kit.IssuingPoint(kit.Flag(1)))
			}, (*scene).expectRevoked},
		{"delta with an unknown critical extension", func(*scene) []kit.ListChange { return list(stale) },
			func(*scene) []kit.ListChange {
				return list(kit.Numbered(6), kit.DeltaOf(5), kit.WithExtension(asn1.ObjectIdentifier{1, 2}, true, nil))
			}, (*scene).expectUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			complete := kit.List(t, s.ca, append(list(kit.Numbered(5)), c.complete(s)...)...)
			s.lists = [][]byte{kit.List(t, s.ca, c.delta(s)...), complete}
			c.expect(s, t)
		})
	}
	t.Run("forged delta releases", func(t *testing.T) {
		s := newScene(t)
		forger := kit.Authority(t, s.root, "CA", func(c *x509.Certificate) { c.SubjectKeyId = s.ca.X509.SubjectKeyId })
		s.lists = [][]byte{kit.List(t, s.ca, kit.Numbered(5), person(6, s)),
			kit.List(t, forger, kit.Numbered(9), kit.DeltaOf(5), person(8, s))}
		s.expectRevoked(t)
		s.lists[0] = kit.List(t, s.ca, kit.Numbered(5), stale)
		s.expectUnknown(t)
		s.lists = append(s.lists, kit.List(t, s.ca, kit.Numbered(6), kit.DeltaOf(5), person(1, s)))
		s.expectRevoked(t) // the forged one does not hide the true one
	})
	t.Run("delta that names another key of the issuer", func(t *testing.T) {
		s := newScene(t)
		renamed := *s.ca.X509
		renamed.SubjectKeyId = []byte("another key") // as crypto/x509 writes it into the list; the key is the same
		other := &kit.Holder{Certificate: s.ca.Certificate, X509: &renamed, Key: s.ca.Key}
		s.lists = [][]byte{kit.List(t, s.ca, kit.Numbered(5), person(6, s)),
			kit.List(t, other, kit.Numbered(6), kit.DeltaOf(5), person(8, s))}
		s.expectRevoked(t) // RFC 5280 §6.3.3 (c)(3): it is no delta to this list
	})
	t.Run("deltas not wanted", func(t *testing.T) {
		s := newScene(t)
		s.lists = [][]byte{kit.List(t, s.ca, kit.Numbered(5)), kit.List(t, s.ca, kit.Numbered(6), kit.DeltaOf(5), person(1, s))}
		s.checker.WithoutDeltas = true
		s.expectGood(t)
	})
	t.Run("removal in a complete list removes nothing", func(t *testing.T) {
		s := newScene(t)
		s.lists = [][]byte{kit.List(t, s.ca, person(8, s))}
		s.expectRevoked(t)
	})
}

func list(changes ...kit.ListChange) []kit.ListChange { return changes }

func nothing(*scene) []kit.ListChange { return nil }

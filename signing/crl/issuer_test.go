package crl_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// delegated is a scene in which the certificate names another issuer of its list.
func delegated(t *testing.T, changes ...kit.Change) (*scene, *kit.Holder) {
	s := newScene(t)
	clerk := kit.Person(t, s.ca, "List clerk", append(list1(mayList), changes...)...)
	s.person = kit.Person(t, s.ca, "Person", kit.PointAt(kit.Tagged(2, kit.DirectoryName(clerk))))
	s.extra = kit.Certificates(clerk)
	return s, clerk
}

func list1(changes ...kit.Change) []kit.Change { return changes }

func mayList(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }

var indirect = kit.IssuingPoint(kit.Flag(4))

func TestAnIndirectList(t *testing.T) {
	t.Run("good and revoked", func(t *testing.T) {
		s, clerk := delegated(t)
		own := kit.List(t, s.ca) // about the clerk
		s.lists = [][]byte{own, kit.List(t, clerk, indirect)}
		s.expectGood(t)
		status, err := s.status(t)
		if err != nil || len(status.Lists) != 2 {
			t.Errorf("the answer rests on %d lists, %v", len(status.Lists), err)
		}
		s.lists = [][]byte{own, kit.List(t, clerk, indirect, kit.RevokingOf(s.ca, s.person))}
		s.expectRevoked(t)
	})
	t.Run("an entry of another issuer with the same serial number", func(t *testing.T) {
		s, clerk := delegated(t)
		s.lists = [][]byte{kit.List(t, s.ca), kit.List(t, clerk, indirect, kit.RevokingOf(s.root, s.person))}
		s.expectGood(t)
	})
	t.Run("not marked indirect", func(t *testing.T) {
		s, clerk := delegated(t)
		s.lists = [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Flag(2))), kit.List(t, clerk)}
		s.expectUnknown(t)
	})
	t.Run("the clerk may not sign lists", func(t *testing.T) {
		s, clerk := delegated(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature })
		clerk.X509.KeyUsage = x509.KeyUsageCRLSign // to let crypto/x509 make the list
		s.lists = [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Flag(2))), kit.List(t, clerk, indirect)}
		s.expectUnknown(t)
	})
	t.Run("the clerk is revoked", func(t *testing.T) {
		s, clerk := delegated(t)
		// The authority's list is about users other than the person: its own point has the name of the clerk's.
		s.lists = [][]byte{kit.List(t, s.ca, kit.Revoking(1, clerk), ofSomeReasons), kit.List(t, clerk, indirect)}
		s.expectUnknown(t)
	})
	t.Run("nothing is known about the clerk", func(t *testing.T) {
		s, clerk := delegated(t)
		s.lists = [][]byte{kit.List(t, clerk, indirect)}
		s.expectUnknown(t)
	})
	t.Run("the clerk has expired", func(t *testing.T) {
		s, clerk := delegated(t, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = kit.Now.Add(-2*time.Hour), kit.Now.Add(-time.Hour)
		})
		s.lists = [][]byte{kit.List(t, s.ca, ofSomeReasons), kit.List(t, clerk, indirect)}
		s.expectUnknown(t)
	})
	t.Run("the clerk of another root", func(t *testing.T) {
		s, clerk := delegated(t)
		other := kit.Root(t, "Other")
		impostor := kit.Person(t, other, clerk.X509.Subject.CommonName, mayList)
		s.extra = kit.Certificates(impostor, other)
		s.lists = [][]byte{kit.List(t, s.ca, ofSomeReasons), kit.List(t, other), kit.List(t, impostor, indirect)}
		s.expectUnknown(t)
	})
	t.Run("the certificate of the clerk is not at hand", func(t *testing.T) {
		s, clerk := delegated(t)
		s.extra = nil
		s.lists = [][]byte{kit.List(t, s.ca, ofSomeReasons), kit.List(t, clerk, indirect)}
		s.expectUnknown(t)
	})
}

// ofSomeReasons keeps the list of the authority from deciding about the person: it covers the clerk's case only as
// far as a revocation goes.
var ofSomeReasons = kit.IssuingPoint(kit.Bits(3, 0x02))

// TestTheSameAnchor: the issuer of the list is valid, under another of our anchors (RFC 5280 §6.3.3 (f)).
func TestTheSameAnchor(t *testing.T) {
	root, other := kit.Root(t, "Root"), kit.Root(t, "Other")
	clerk := kit.Person(t, other, "List clerk", mayList)
	person := kit.Person(t, root, "Person", kit.PointAt(kit.Tagged(2, kit.DirectoryName(clerk))))
	checker := &crl.Checker{
		Lists: crl.NewSet(parse(t, kit.List(t, clerk, indirect)), parse(t, kit.List(t, other))),
		Paths: path.New(path.Options{Anchors: kit.Certificates(root, other), Candidates: kit.Certificates(clerk)}),
	}
	for _, anchor := range []*kit.Holder{root} {
		_, err := checker.Status(context.Background(), path.RevocationQuestion{Chain: kit.Certificates(person, anchor), At: kit.Now})
		if !errors.Is(err, crl.ErrUndetermined) {
			t.Errorf("got %v", err)
		}
	}
}

// TestAnotherAuthorityCannotClear: an authority under the same root certifies a key by the name of the one that
// revoked, or of its clerk.
func TestAnotherAuthorityCannotClear(t *testing.T) {
	s := newScene(t)
	rogue := kit.Authority(t, s.root, "Rogue")
	impostor := kit.Person(t, rogue, "CA", mayList)
	s.extra = kit.Certificates(rogue, impostor)
	about := kit.List(t, s.root) // nobody is revoked by the root
	s.lists = [][]byte{about, kit.List(t, rogue), kit.List(t, impostor)}
	s.expectUnknown(t)
	s.lists = append(s.lists, kit.List(t, s.ca, kit.Revoking(1, s.person)))
	s.expectRevoked(t)

	s, clerk := delegated(t)
	rogue = kit.Authority(t, s.root, "Rogue")
	impostor = kit.Person(t, rogue, clerk.X509.Subject.CommonName, mayList)
	s.extra = kit.Certificates(rogue, impostor)
	s.lists = [][]byte{kit.List(t, s.root), kit.List(t, rogue), kit.List(t, impostor, indirect)}
	s.expectUnknown(t)
}

// TestAKeyForListsOnly: the authority that certified the issuer certifies a second key by its name (PKITS 4.4.19).
func TestAKeyForListsOnly(t *testing.T) {
	s := newScene(t)
	second := kit.Person(t, s.root, "CA", mayList)
	s.extra = kit.Certificates(second)
	s.lists = [][]byte{kit.List(t, s.root), kit.List(t, second)}
	s.expectGood(t)
	s.lists = [][]byte{kit.List(t, s.root, kit.Revoking(1, second)), kit.List(t, second)}
	s.expectUnknown(t)
	s.lists = [][]byte{kit.List(t, second)}
	s.expectUnknown(t) // whether the second key is revoked, nobody says
}

// TestCircles: who vouches for himself, or two for each other, vouch for nobody; save where the authority drew the
// circle (PKITS 4.14.30).
func TestCircles(t *testing.T) {
	t.Run("two clerks vouch for each other", func(t *testing.T) {
		root := kit.Root(t, "Root")
		nameOnly := func(name string) *kit.Holder { return kit.Person(t, root, name, mayList) }
		firstName, secondName := nameOnly("First"), nameOnly("Second")
		first := kit.Person(t, root, "First", mayList, kit.PointAt(kit.Tagged(2, kit.DirectoryName(secondName))))
		second := kit.Person(t, root, "Second", mayList, kit.PointAt(kit.Tagged(2, kit.DirectoryName(firstName))))
		person := kit.Person(t, root, "Person", kit.PointAt(kit.Tagged(2, kit.DirectoryName(first))))
		checker := &crl.Checker{
			Lists: crl.NewSet(parse(t, kit.List(t, first, indirect)), parse(t, kit.List(t, second, indirect))),
			Paths: path.New(path.Options{Anchors: kit.Certificates(root), Candidates: kit.Certificates(first, second)}),
		}
		_, err := checker.Status(context.Background(), path.RevocationQuestion{Chain: kit.Certificates(person, root), At: kit.Now})
		if !errors.Is(err, crl.ErrUndetermined) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a clerk whose own certificate names his list", func(t *testing.T) {
		s := newScene(t)
		name := kit.Person(t, s.ca, "Clerk", mayList)
		clerk := kit.Person(t, s.ca, "Clerk", mayList, kit.PointAt(kit.Tagged(2, kit.DirectoryName(name))))
		s.person = kit.Person(t, s.ca, "Person", kit.PointAt(kit.Tagged(2, kit.DirectoryName(clerk))))
		s.extra = kit.Certificates(clerk)
		s.lists = [][]byte{kit.List(t, clerk, indirect)}
		s.expectGood(t)
		s.lists = [][]byte{kit.List(t, clerk, indirect, kit.RevokingOf(s.ca, clerk))}
		s.expectUnknown(t) // he says that he is revoked
	})
	t.Run("a key of the authority's own name, in a list of its own making", func(t *testing.T) {
		s := newScene(t)
		other := kit.Person(t, s.ca, "CA", mayList) // self-issued, and nothing but its own list speaks of it
		s.extra = kit.Certificates(other)
		s.lists = [][]byte{kit.List(t, other)}
		s.expectUnknown(t)
		s.lists = append(s.lists, kit.List(t, s.ca, ofSomeReasons))
		s.expectUnknown(t)
	})
	t.Run("clerks of clerks without end", func(t *testing.T) {
		for clerks, good := range map[int]bool{1: true, 4: true, 5: false, 8: false} {
			if err := clerksOfClerks(t, clerks); (err == nil) != good || err != nil && !errors.Is(err, crl.ErrUndetermined) {
				t.Errorf("%d clerks: %v", clerks, err)
			}
		}
	})
}

// clerksOfClerks asks about a certificate whose list is signed by a clerk, about whom a list tells that is signed by
// a clerk … until the root's own list, which is about the first clerk only.
func clerksOfClerks(t *testing.T, clerks int) error {
	root := kit.Root(t, "Root")
	first := point(kit.URIName("http://a.kz/first.crl"))
	lists := []*crl.List{parse(t, kit.List(t, root, kit.IssuingPoint(first)))}
	last := kit.Person(t, root, "Clerk", mayList, kit.PointAt(first))
	var candidates []*certificate.Certificate
	for i := range clerks {
		lists = append(lists, parse(t, kit.List(t, last, indirect)))
		candidates = append(candidates, last.Certificate)
		last = kit.Person(t, root, fmt.Sprint("Clerk ", i), mayList, kit.PointAt(kit.Tagged(2, kit.DirectoryName(last))))
	}
	checker := &crl.Checker{
		Lists: crl.NewSet(lists...),
		Paths: path.New(path.Options{Anchors: kit.Certificates(root), Candidates: candidates}),
	}
	_, err := checker.Status(context.Background(), path.RevocationQuestion{Chain: kit.Certificates(last, root), At: kit.Now})
	return err
}

// TestReasons: lists of some reasons say nothing until together they cover all.
func TestReasons(t *testing.T) {
	compromise, rest := kit.IssuingPoint(kit.Bits(3, 0x06)), kit.IssuingPoint(kit.Bits(3, 0x1f8))
	s := newScene(t)
	first, second := kit.List(t, s.ca, compromise), kit.List(t, s.ca, rest)
	for _, c := range []struct {
		name   string
		lists  [][]byte
		expect func(*scene, testing.TB)
	}{
		{"one", [][]byte{first}, (*scene).expectUnknown},
		{"the other", [][]byte{second}, (*scene).expectUnknown},
		{"both", [][]byte{first, second}, (*scene).expectGood},
		{"one and an overlapping one that leaves a reason out", [][]byte{first, kit.List(t, s.ca, kit.IssuingPoint(kit.Bits(3, 0xfc)))}, (*scene).expectUnknown},
		{"revoked in one is enough", [][]byte{kit.List(t, s.ca, compromise, kit.Revoking(1, s.person))}, (*scene).expectRevoked},
		{"revoked in the second", [][]byte{first, kit.List(t, s.ca, rest, kit.Revoking(4, s.person))}, (*scene).expectRevoked},
		{"a list of all reasons beside", [][]byte{first, kit.List(t, s.ca)}, (*scene).expectGood},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.lists = c.lists
			c.expect(s, t)
		})
	}
}

// TestDistributionPoints: what the certificate names and what the list names.
func TestDistributionPoints(t *testing.T) {
	one, two := kit.URIName("http://a.kz/1.crl"), kit.URIName("http://a.kz/2.crl")
	s := newScene(t, kit.PointAt(point(one)))
	for _, c := range []struct {
		name   string
		list   kit.ListChange
		expect func(*scene, testing.TB)
	}{
		{"the same", kit.IssuingPoint(point(one)), (*scene).expectGood},
		{"one of two", kit.IssuingPoint(point(two, one)), (*scene).expectGood},
		{"another", kit.IssuingPoint(point(two)), (*scene).expectUnknown},
		{"none: about all", kit.Numbered(1), (*scene).expectGood},
		{"the issuer's name", kit.IssuingPoint(point(kit.DirectoryName(s.ca))), (*scene).expectGood},
		{"a relative name", kit.IssuingPoint(kit.Tagged(0, kit.Tagged(1, relative("One")))), (*scene).expectUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.lists = [][]byte{kit.List(t, s.ca, c.list)}
			c.expect(s, t)
		})
	}
	t.Run("relative in both", func(t *testing.T) {
		s := newScene(t, kit.PointAt(kit.Tagged(0, kit.Tagged(1, relative("One")))))
		s.lists = [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Tagged(0, kit.Tagged(1, relative("ONE")))))}
		s.expectGood(t)
		s.lists = [][]byte{kit.List(t, s.ca, kit.IssuingPoint(kit.Tagged(0, kit.Tagged(1, relative("Two")))))}
		s.expectUnknown(t)
	})
}

// relative is one attribute, a commonName.
func relative(name string) []byte {
	return kit.Sequence([]byte{6, 3, 0x55, 4, 3}, append([]byte{0x0c, byte(len(name))}, name...))
}

// TestAListIsHashedOnce counts the checks of signatures over many questions.
func TestAListIsHashedOnce(t *testing.T) {
	s := newScene(t)
	verified := 0
	checker := &crl.Checker{Lists: crl.NewSet(parse(t, kit.List(t, s.ca))), Signatures: counted{&verified}}
	for range 50 {
		_, err := checker.Status(context.Background(), path.RevocationQuestion{Chain: kit.Certificates(s.person, s.ca), At: kit.Now})
		if err != nil {
			t.Fatal(err)
		}
	}
	if verified != 1 {
		t.Errorf("%d checks", verified)
	}
}

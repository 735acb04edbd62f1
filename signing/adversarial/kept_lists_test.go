package adversarial_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"elicensing/signing"
)

// An authority may publish its complete list seldom and changes to it daily: together they are as fresh as the
// changes (RFC 5280 §5.2.4). Kept evidence is judged by the same rule as what is asked.
func TestKeptListsWithTheirChanges(t *testing.T) {
	kept := func(change func(*scene) []signing.Evidence) func(*scene) {
		return func(s *scene) {
			s.policy = signing.Archive
			s.silent()
			s.keeps(append(change(s), s.rootList(before(0)))...)
		}
	}
	old := func(s *scene) signing.Evidence { return s.listOf(before(100)) }
	good := kept(func(s *scene) []signing.Evidence { return []signing.Evidence{old(s), s.changes(1, before(0))} })
	holdAll(t, "", []defect{
		{name: "an old complete list alone", want: tryLater, apply: kept(func(s *scene) []signing.Evidence { return []signing.Evidence{old(s)} }), twin: good},
		{name: "with changes that are as old", want: tryLater, twin: good,
			apply: kept(func(s *scene) []signing.Evidence { return []signing.Evidence{old(s), s.changes(1, before(99))} })},
		{name: "with changes to a later list", want: tryLater, twin: good,
			apply: kept(func(s *scene) []signing.Evidence { return []signing.Evidence{old(s), s.changes(5, before(0))} })},
		{name: "with changes by another authority", want: tryLater, twin: good,
			apply: kept(func(s *scene) []signing.Evidence {
				return []signing.Evidence{old(s), s.changesBy(s.pki.root, 1, before(0))}
			})},
		{name: "the changes revoke", want: revokedNoPOE, twin: good,
			apply: kept(func(s *scene) []signing.Evidence {
				return []signing.Evidence{old(s), s.changes(1, before(0), s.signer.certificate)}
			})},
		{name: "the complete list revokes", want: revokedNoPOE, twin: good,
			apply: kept(func(s *scene) []signing.Evidence {
				return []signing.Evidence{s.listOf(before(100), s.signer.certificate), s.changes(1, before(0))}
			})},
	})
}

// A responder that its authority did not exempt proves nothing without the list that clears it (RFC 6960
// §4.2.2.2.1): the list is evidence, too.
func TestKeptAnswerOfAResponderThatMayBeRevoked(t *testing.T) {
	answered := func(lists func(*scene) []signing.Evidence) func(*scene) {
		return func(s *scene) {
			template := responderTemplate()
			template.SerialNumber, template.ExtraExtensions = big.NewInt(1005), nil
			responder := issue(s.t, template, s.pki.responder.key, s.pki.ca)
			s.policy = signing.Archive
			s.silent()
			s.keeps(append(lists(s), s.goodAnswerBy(responder, before(0)), s.rootList(before(0)))...)
		}
	}
	holdAll(t, "", []defect{
		{name: "nothing clears the responder", want: tryLater, apply: answered(func(*scene) []signing.Evidence { return nil }),
			twin: answered(func(s *scene) []signing.Evidence { return []signing.Evidence{s.listOf(before(0))} })},
		{name: "the list that would clear it is too old", want: tryLater,
			apply: answered(func(s *scene) []signing.Evidence { return []signing.Evidence{s.listOf(before(100))} }),
			twin:  answered(func(s *scene) []signing.Evidence { return []signing.Evidence{s.listOf(before(0))} })},
	})
}

// changes is a delta list of I to its complete list number base.
func (s *scene) changes(base int64, at time.Time, revoked ...*x509.Certificate) signing.Evidence {
	return s.changesBy(s.pki.ca, base, at, revoked...)
}

func (s *scene) changesBy(issuer pair, base int64, at time.Time, revoked ...*x509.Certificate) signing.Evidence {
	indicator, err := asn1.Marshal(base)
	if err != nil {
		s.t.Fatal(err)
	}
	der := list(s.t, issuer, func(l *x509.RevocationList) {
		l.Number, l.ThisUpdate, l.NextUpdate = big.NewInt(base+10), at, at.AddDate(1, 0, 0)
		l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: indicator}}
		listing(before(60), revoked...)(l)
	})
	return signing.Evidence{CRLs: [][]byte{der}}
}

package path_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net"
	"testing"

	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// constrained says which names an authority allows and refuses.
func constrained(set func(*x509.Certificate)) kit.Change {
	return func(c *x509.Certificate) { c.PermittedDNSDomainsCritical = true; set(c) }
}

func permitDNS(domains ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.PermittedDNSDomains = domains })
}

func excludeDNS(domains ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.ExcludedDNSDomains = domains })
}

func permitMail(addresses ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.PermittedEmailAddresses = addresses })
}

func excludeMail(addresses ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.ExcludedEmailAddresses = addresses })
}

func permitURI(domains ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.PermittedURIDomains = domains })
}

func excludeURI(domains ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.ExcludedURIDomains = domains })
}

func permitIP(ranges ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.PermittedIPRanges = networks(ranges) })
}

func excludeIP(ranges ...string) kit.Change {
	return constrained(func(c *x509.Certificate) { c.ExcludedIPRanges = networks(ranges) })
}

func networks(ranges []string) (all []*net.IPNet) {
	for _, r := range ranges {
		_, network, err := net.ParseCIDR(r)
		if err != nil {
			panic(err)
		}
		all = append(all, network)
	}
	return all
}

// rawSubtrees is a name constraints extension of hand-made subtrees: tag 0 permits, tag 1 excludes.
func rawSubtrees(tag uint8, subtrees ...[]byte) kit.Change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true,
			Value: kit.Sequence(kit.Tagged(tag, subtrees...))})
	}
}

func dns(names ...string) kit.Change { return func(c *x509.Certificate) { c.DNSNames = names } }

func mail(addresses ...string) kit.Change {
	return func(c *x509.Certificate) { c.EmailAddresses = addresses }
}

func addresses(texts ...string) kit.Change {
	return func(c *x509.Certificate) {
		for _, text := range texts {
			c.IPAddresses = append(c.IPAddresses, net.ParseIP(text))
		}
	}
}

// uri writes the name as it is: package url would mend some.
func uri(text string) kit.Change { return rawName(6, text) }

func rawName(tag uint8, content string) kit.Change {
	return func(c *x509.Certificate) {
		name := append([]byte{0x80 | tag, byte(len(content))}, content...)
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: kit.Sequence(name)})
	}
}

// mailInSubject writes emailAddress into the subject, as old certificates do.
func mailInSubject(address string) kit.Change {
	return func(c *x509.Certificate) {
		c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1},
			Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(address)}}}
	}
}

func TestNameConstraints(t *testing.T) {
	mailbox := []byte{0x81, 5, 'a', '@', 'b', '.', 'c'}
	cases := []struct {
		name      string
		authority kit.Change
		target    kit.Change
		accepted  bool
	}{
		{"DNS: the domain itself", permitDNS("b.kz"), dns("b.kz"), true},
		{"DNS: below it, in other case", permitDNS("b.kz"), dns("A.x.B.KZ"), true},
		{"DNS: with the dot of the root", permitDNS("b.kz"), dns("a.b.kz."), true},
		{"DNS: ends alike, other label", permitDNS("b.kz"), dns("ab.kz"), false},
		{"DNS: one of two is outside", permitDNS("b.kz"), dns("b.kz", "c.kz"), false},
		{"DNS: no name of the kind", permitDNS("b.kz"), mail("a@c.kz"), true},
		{"DNS: leading dot, below", permitDNS(".b.kz"), dns("a.b.kz"), true},
		{"DNS: leading dot, itself", permitDNS(".b.kz"), dns("b.kz"), false},
		{"DNS: leading dot excludes itself too", excludeDNS(".b.kz"), dns("b.kz"), false},
		{"DNS: excluded", excludeDNS("b.kz"), dns("b.kz"), false},
		{"DNS: excluded, below, other case", excludeDNS("B.kz"), dns("x.b.KZ"), false},
		{"DNS: excluded, other", excludeDNS("b.kz"), dns("c.kz"), true},
		{"DNS: wildcard over an excluded name", excludeDNS("a.b.kz"), dns("*.b.kz"), false},
		{"DNS: wildcard beside an excluded name", excludeDNS("a.c.kz"), dns("*.b.kz"), true},
		{"DNS: wildcard within", permitDNS("b.kz"), dns("*.b.kz"), true},
		{"DNS: wildcard wider than permitted", permitDNS("a.b.kz"), dns("*.b.kz"), false},
		{"DNS: a name that is none, excluded", excludeDNS("b.kz"), dns("b .kz"), false},
		{"DNS: empty label", excludeDNS("b.kz"), dns("a..kz"), false},
		{"DNS: a zero octet", permitDNS("b.kz"), rawName(2, "c.kz\x00.b.kz"), false},

		{"mail: host", permitMail("b.kz"), mail("a@b.kz"), true},
		{"mail: host in other case", permitMail("b.kz"), mail("a@B.KZ"), true},
		{"mail: a host below", permitMail("b.kz"), mail("a@x.b.kz"), false},
		{"mail: domain, below", permitMail(".b.kz"), mail("a@x.b.kz"), true},
		{"mail: domain, itself", permitMail(".b.kz"), mail("a@b.kz"), false},
		{"mail: box", permitMail("a@b.kz"), mail("a@b.kz"), true},
		{"mail: another box", permitMail("a@b.kz"), mail("c@b.kz"), false},
		{"mail: box in other case is another box", permitMail("a@b.kz"), mail("A@b.kz"), false},
		{"mail: excluded box", excludeMail("a@b.kz"), mail("a@b.kz"), false},
		{"mail: excluded box in other case", excludeMail("a@b.kz"), mail("A@b.kz"), false},
		{"mail: excluded box in quotes", excludeMail("a@b.kz"), rawName(1, `"a"@b.kz`), false},
		{"mail: excluded box with an escape", excludeMail("a@b.kz"), rawName(1, `"\a"@b.kz`), false},
		{"mail: two at signs", excludeMail("b.kz"), rawName(1, "a@b.kz@c.kz"), false},
		{"mail: no at sign", excludeMail("b.kz"), rawName(1, "b.kz"), false},
		{"mail: host outside", permitMail("b.kz"), mail("a@b.kz.c.kz"), false},
		{"mail: in the subject, permitted", permitMail("b.kz"), mailInSubject("a@b.kz"), true},
		{"mail: in the subject, outside", permitMail("b.kz"), mailInSubject("a@c.kz"), false},
		{"mail: in the subject, excluded", excludeMail("b.kz"), mailInSubject("a@b.kz"), false},
		{"mail: of letters outside ASCII", permitMail("b.kz"), smtpUTF8, false},
		{"mail: of letters outside ASCII, no constraint on mail", permitDNS("b.kz"), smtpUTF8, true},

		{"URI: host", permitURI("b.kz"), uri("https://b.kz/x"), true},
		{"URI: host, port and user", permitURI("b.kz"), uri("https://u:p@B.kz:8443/"), true},
		{"URI: a host below", permitURI("b.kz"), uri("https://a.b.kz/"), false},
		{"URI: domain", permitURI(".b.kz"), uri("https://a.b.kz/"), true},
		{"URI: domain, itself", permitURI(".b.kz"), uri("https://b.kz/"), false},
		{"URI: excluded", excludeURI("b.kz"), uri("ldap://b.kz/cn=x"), false},
		{"URI: without a host", excludeURI("b.kz"), uri("urn:isbn:1"), false},
		{"URI: an address for a host", excludeURI("b.kz"), uri("https://10.0.0.1/"), false},
		{"URI: an IPv6 address", excludeURI("b.kz"), uri("https://[::1]/"), false},
		{"URI: backslash", permitURI("b.kz"), uri(`https://c.kz\@b.kz/`), false},
		{"URI: user that looks like a host", permitURI("b.kz"), uri("https://b.kz@c.kz/"), false},

		{"IP: inside", permitIP("10.1.0.0/16"), addresses("10.1.2.3"), true},
		{"IP: outside", permitIP("10.1.0.0/16"), addresses("10.2.2.3"), false},
		{"IP: excluded", excludeIP("10.1.0.0/16"), addresses("10.1.2.3"), false},
		{"IP: excluded, written as IPv6", excludeIP("10.1.0.0/16"), rawName(7, string(net.ParseIP("10.1.2.3").To16())), false},
		{"IP: v6 where v4 is permitted", permitIP("10.1.0.0/16"), addresses("2001:db8::1"), false},
		{"IP: v6 inside", permitIP("2001:db8::/32"), addresses("2001:db8::1"), true},
		{"IP: everything", permitIP("0.0.0.0/0"), addresses("8.8.8.8"), true},
		{"IP: of five octets", excludeIP("10.1.0.0/16"), rawName(7, "12345"), false},
		{"IP: a mask with holes", rawSubtrees(1, kit.Sequence([]byte{0x87, 8, 10, 0, 0, 0, 255, 0, 255, 0})), addresses("8.8.8.8"), false},

		{"a base that is no host", rawSubtrees(1, kit.Sequence([]byte{0x82, 4, '*', '.', 'k', 'z'})), dns("c.kz"), false},
		{"a minimum", rawSubtrees(0, kit.Sequence(mailbox, []byte{0x80, 1, 1})), mail("a@b.c"), false},
		{"a minimum of zero", rawSubtrees(0, kit.Sequence(mailbox, []byte{0x80, 1, 0})), mail("a@b.c"), true},
		{"a maximum", rawSubtrees(1, kit.Sequence(mailbox, []byte{0x81, 1, 9})), mail("x@y.z"), false},
		{"a kind that is not judged, and a name of it", rawSubtrees(0, kit.Sequence([]byte{0x88, 1, 42})), rawName(8, "*"), false},
		{"a kind that is not judged, and no name of it", rawSubtrees(0, kit.Sequence([]byte{0x88, 1, 42})), dns("b.kz"), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			root := kit.Root(t, "Root")
			ca := kit.Authority(t, root, "CA", c.authority)
			end := kit.Person(t, ca, "Person", c.target)
			_, err := validate(path.Options{Anchors: kit.Certificates(root)},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
			if c.accepted && err != nil {
				t.Error(err)
			}
			if !c.accepted {
				expectFailure(t, err, path.RuleNames)
			}
		})
	}
}

// smtpUTF8 gives a mail address in the form of RFC 9598.
func smtpUTF8(c *x509.Certificate) {
	id := []byte{6, 8, 0x2b, 6, 1, 5, 5, 7, 8, 9}
	text := append([]byte{0x0c, 7}, "ә@b.kz"...)
	name := kit.Tagged(0, id, kit.Tagged(0, text))
	c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: kit.Sequence(name)})
}

// TestConstraintsOfTheWholePathHold: of the anchor, of the caller, of each authority together, and not against
// self-issued certificates between.
func TestConstraintsOfTheWholePathHold(t *testing.T) {
	t.Run("of the anchor", func(t *testing.T) {
		root := kit.Root(t, "Root", permitDNS("b.kz"))
		end := kit.Person(t, root, "Person", dns("c.kz"))
		_, err := validate(path.Options{Anchors: kit.Certificates(root)}, path.Question{Target: end.Certificate})
		expectFailure(t, err, path.RuleNames)
	})
	t.Run("an authority cannot widen what was narrowed", func(t *testing.T) {
		root := kit.Root(t, "Root")
		ca := kit.Authority(t, root, "CA", permitDNS("b.kz"))
		sub := kit.Authority(t, ca, "Sub", permitDNS("kz"))
		for name, accepted := range map[string]bool{"a.b.kz": true, "c.kz": false} {
			end := kit.Person(t, sub, "Person", dns(name))
			_, err := validate(path.Options{Anchors: kit.Certificates(root)},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(ca, sub)})
			if (err == nil) != accepted {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("of the caller", func(t *testing.T) {
		root := kit.Root(t, "Root")
		constraining := kit.Authority(t, root, "CA", excludeDNS("b.kz")).Certificate.NameConstraints
		end := kit.Person(t, root, "Person", dns("a.b.kz"))
		_, err := validate(path.Options{Anchors: kit.Certificates(root), Excluded: constraining.Excluded},
			path.Question{Target: end.Certificate})
		expectFailure(t, err, path.RuleNames)
		_, err = validate(path.Options{Anchors: kit.Certificates(root), Permitted: constraining.Excluded},
			path.Question{Target: end.Certificate})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestConstraintsDoNotMultiply: a thousand names under a thousand constraints end at the bound.
func TestConstraintsDoNotMultiply(t *testing.T) {
	var domains, names []string
	for i := range 1000 {
		domains = append(domains, fmt.Sprintf("d%d.kz", i))
		names = append(names, fmt.Sprintf("n%d.kz", i))
	}
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA", excludeDNS(domains...))
	end := kit.Person(t, ca, "Person", dns(names...))
	_, err := validate(path.Options{Anchors: kit.Certificates(root)},
		path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
	expectFailure(t, err, path.RuleLimit)
}

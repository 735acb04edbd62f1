package path

import (
	"bytes"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"elicensing/signing/certificate"
)

// validBase tells whether the base of a subtree is of its kind's form (RFC 5280 §4.2.1.10).
func validBase(base certificate.GeneralName) bool {
	text := string(base.Value)
	switch base.Kind {
	case certificate.DNSName, certificate.URI:
		return validHostBase(text)
	case certificate.RFC822Name:
		if strings.Contains(text, "@") {
			_, _, ok := mailbox(text)
			return ok
		}
		return validHostBase(text)
	case certificate.IPAddress:
		return validAddressBase(base.Value)
	}
	return true
}

func validHostBase(base string) bool {
	host := strings.TrimPrefix(base, ".")
	_, ok := hostOf(host)
	return ok || host == ""
}

func validAddressBase(value []byte) bool {
	half := len(value) / 2
	if half != net.IPv4len && half != net.IPv6len || len(value)%2 != 0 {
		return false
	}
	ones, bits := net.IPMask(value[half:]).Size()
	return ones != 0 || bits != 0 // Size gives 0, 0 for a mask with holes
}

// within tells whether a name lies in the subtree of a base of the same kind. A name that cannot be read under a
// constraint is an error, as no answer about it would be safe. excluded asks in the wider sense where two are
// possible, so that doubt refuses.
func within(name, base certificate.GeneralName, excluded bool) (bool, error) {
	switch name.Kind {
	case certificate.DirectoryName:
		return name.Name.Within(base.Name), nil
	case certificate.DNSName:
		return dnsWithin(string(name.Value), string(base.Value), excluded)
	case certificate.RFC822Name:
		return mailWithin(string(name.Value), string(base.Value), excluded)
	case certificate.URI:
		return uriWithin(string(name.Value), string(base.Value))
	case certificate.IPAddress:
		return addressWithin(name.Value, base.Value)
	}
	return false, errNameNotJudged
}

// dnsWithin: a constraint is met by itself and by what has more labels to the left. A leading dot, which RFC 5280
// does not foresee here, demands at least one more label. A wildcard stands for all its names: it is in an excluded
// subtree already if one of them is.
func dnsWithin(name, base string, excluded bool) (bool, error) {
	host, ok := hostOf(strings.TrimPrefix(name, "*."))
	if !ok {
		return false, errNameNotJudged
	}
	base = strings.ToLower(strings.TrimSuffix(base, "."))
	if base == "" {
		return true, nil
	}
	wildcard := strings.HasPrefix(name, "*.")
	parent, dotted := strings.CutPrefix(base, ".")
	if under(host, parent) && (wildcard || !dotted || excluded || host != parent) {
		return true, nil
	}
	return excluded && wildcard && strings.HasSuffix(parent, "."+host), nil
}

func under(host, parent string) bool {
	return host == parent || strings.HasSuffix(host, "."+parent)
}

// hostOf gives a host name in lower case; false when it is none: the comparison of anything else means nothing.
func hostOf(name string) (string, bool) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "" || len(name) > 253 {
		return "", false
	}
	for _, label := range strings.Split(name, ".") {
		if label == "" || len(label) > 63 {
			return "", false
		}
		for i := range len(label) {
			if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return "", false
			}
		}
	}
	return name, true
}

// mailWithin: a constraint is one mailbox, all mailboxes of one host, or with a leading dot all of the hosts below.
func mailWithin(name, base string, excluded bool) (bool, error) {
	local, host, ok := mailbox(name)
	if !ok {
		return false, errNameNotJudged
	}
	if strings.Contains(base, "@") {
		wantLocal, wantHost, ok := mailbox(base)
		if !ok {
			return false, errConstraintInvalid
		}
		// RFC 5280 §7.5: the local part is compared exactly. Most hosts do not, so an exclusion is taken wider.
		sameLocal := local == wantLocal || excluded && strings.EqualFold(local, wantLocal)
		return sameLocal && host == wantHost, nil
	}
	return hostMatches(host, base), nil
}

// hostMatches: exactly the host, or with a leading dot any host below it.
func hostMatches(host, base string) bool {
	base = strings.ToLower(strings.TrimSuffix(base, "."))
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(host, base)
	}
	return base == "" || host == base
}

// mailbox splits an address (RFC 5321 §4.1.2) into its local part, without quotes, and its host in lower case.
func mailbox(address string) (local, host string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 {
		return "", "", false
	}
	local = address[:at]
	if host, ok = hostOf(address[at+1:]); !ok {
		return "", "", false
	}
	if local[0] == '"' {
		local, ok = unquote(local)
		return local, host, ok
	}
	return local, host, !strings.ContainsAny(local, "@\"\\<>(),;: \t\r\n\x00")
}

func unquote(local string) (string, bool) {
	if len(local) < 3 || local[len(local)-1] != '"' {
		return "", false
	}
	var b strings.Builder
	for inner := local[1 : len(local)-1]; inner != ""; inner = inner[1:] {
		if inner[0] == '"' {
			return "", false
		}
		if inner[0] == '\\' {
			if inner = inner[1:]; inner == "" {
				return "", false
			}
		}
		b.WriteByte(inner[0])
	}
	return b.String(), true
}

// uriWithin compares the host of a URI. RFC 5280 §4.2.1.10: one without a host name is refused where there is a
// constraint.
func uriWithin(name, base string) (bool, error) {
	u, err := url.Parse(name)
	if err != nil || u.Host == "" || strings.ContainsAny(name, "\\ \t\r\n\x00") {
		return false, errNameNotJudged
	}
	host, ok := hostOf(u.Hostname())
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || !ok {
		return false, errNameNotJudged
	}
	return hostMatches(host, base), nil
}

// addressWithin: base is an address and a mask. An IPv4 address in the form of IPv6 is compared as both.
func addressWithin(address, base []byte) (bool, error) {
	if len(address) != net.IPv4len && len(address) != net.IPv6len {
		return false, errNameNotJudged
	}
	half := len(base) / 2
	inside := func(a []byte) bool {
		if len(a) != half {
			return false
		}
		for i := range a {
			if (a[i]^base[i])&base[half+i] != 0 {
				return false
			}
		}
		return true
	}
	if inside(address) {
		return true, nil
	}
	v4in6 := []byte{10: 0xff, 11: 0xff}
	return len(address) == net.IPv6len && bytes.HasPrefix(address, v4in6) && inside(address[12:]), nil
}

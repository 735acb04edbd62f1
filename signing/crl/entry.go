package crl

import (
	"bytes"
	"slices"
	"sort"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/certificate"
)

// Reason is a CRLReason (RFC 5280 §5.3.1).
type Reason int

const (
	// NoReason: the entry gives none. That is not Unspecified: whoever says nothing may mean the worst.
	NoReason             Reason = -1
	Unspecified          Reason = 0  // said without saying why
	KeyCompromise        Reason = 1  // the holder's key is or may be known to others
	CACompromise         Reason = 2  // the authority's key is or may be
	AffiliationChanged   Reason = 3  // name or other data changed
	Superseded           Reason = 4  // another certificate took its place
	CessationOfOperation Reason = 5  // no longer needed
	CertificateHold      Reason = 6  // suspended; may be lifted
	RemoveFromCRL        Reason = 8  // in a list of changes: no longer revoked
	PrivilegeWithdrawn   Reason = 9  // a right that it told of is gone
	AACompromise         Reason = 10 // an attribute authority's key is or may be known
)

// Entry is what a list says about one certificate.
type Entry struct {
	RevokedAt      time.Time // since when
	Reason         Reason    // NoReason when absent
	InvalidityDate time.Time // when the key is thought to have become invalid (§5.3.2); zero when absent
}

// issuerRun begins a run of entries that are of another issuer's certificates (RFC 5280 §5.3.3): all from offset on,
// until the next run.
type issuerRun struct{ offset, value, length uint32 }

// readEntries goes once over all entries, checks each and keeps where it is.
func (l *List) readEntries(all cryptobyte.String, version int) error {
	start, err := l.offsetOf(all)
	if err != nil {
		return err
	}
	end := start + len(all)
	for !all.Empty() {
		offset := end - len(all)
		var entry cryptobyte.String
		if !all.ReadASN1(&entry, cbasn1.SEQUENCE) || len(entry) > maxAround {
			return malformed("entry")
		}
		if _, err := certificate.ReadSerial(&entry); err != nil {
			return malformed("serial number of an entry")
		}
		if _, err := certificate.ReadTime(&entry); err != nil {
			return malformed("revocationDate")
		}
		if !entry.Empty() {
			if version != 2 {
				return malformed("extensions in a list of version 1")
			}
			if err := l.readEntryExtensions(entry, uint32(offset)); err != nil {
				return err
			}
		}
		l.entries = append(l.entries, uint32(offset))
	}
	return nil
}

// offsetOf gives the place of a part of Raw. The reader hands out slices of one array, each up to its end: what
// their capacities differ by is the distance. Should that ever change, the list is refused.
func (l *List) offsetOf(part []byte) (int, error) {
	offset := cap(l.Raw) - cap(part)
	if len(part) > 0 && (offset < 0 || offset+len(part) > len(l.Raw) || &l.Raw[offset] != &part[0]) {
		return 0, malformed("list is not one piece of memory")
	}
	return offset, nil
}

// onlyReason is how nearly every entry ends: one extension, the reason, not critical. Its five variable octets are
// compared apart, as reading half a million of them takes time.
var onlyReason = []byte{0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01}

func (l *List) readEntryExtensions(s cryptobyte.String, offset uint32) error {
	if len(s) == len(onlyReason)+1 && bytes.HasPrefix(s, onlyReason) {
		return checkReason(Reason(s[len(onlyReason)]))
	}
	extensions, err := certificate.ReadExtensions(&s)
	if err != nil || !s.Empty() {
		return malformed("extensions of an entry")
	}
	for _, e := range extensions {
		if err := l.readEntryExtension(e, offset); err != nil {
			return err
		}
	}
	return nil
}

func (l *List) readEntryExtension(e certificate.Extension, offset uint32) error {
	switch {
	case e.ID.Equal(oidReason):
		_, err := readReason(e.Value)
		return err
	case e.ID.Equal(oidInvalidityDate):
		_, err := readInvalidityDate(e.Value)
		return err
	case e.ID.Equal(oidCertificateIssuer):
		value, err := l.offsetOf(e.Value)
		if err != nil {
			return err
		}
		if _, err := certificate.ParseGeneralNames(e.Value); err != nil {
			return malformed("certificateIssuer")
		}
		l.issuers = append(l.issuers, issuerRun{offset, uint32(value), uint32(len(e.Value))})
	case e.Critical:
		l.UnknownCritical = true
	}
	return nil
}

func readReason(value []byte) (Reason, error) {
	if len(value) != 3 || value[0] != 0x0a || value[1] != 1 {
		return 0, malformed("reasonCode")
	}
	return Reason(value[2]), checkReason(Reason(value[2]))
}

func checkReason(r Reason) error {
	if r > AACompromise || r == 7 {
		return malformed("reasonCode")
	}
	return nil
}

func readInvalidityDate(value []byte) (time.Time, error) {
	s := cryptobyte.String(value)
	t, err := certificate.ReadTime(&s)
	if err != nil || !s.Empty() {
		return time.Time{}, malformed("invalidityDate")
	}
	return t, nil
}

// sort orders the entries by serial number; among equal ones the order of the list stays.
func (l *List) sort() {
	l.entries = slices.Clip(l.entries)
	slices.SortFunc(l.entries, func(a, b uint32) int {
		if order := bytes.Compare(l.serialAt(a), l.serialAt(b)); order != 0 {
			return order
		}
		return int(int64(a) - int64(b))
	})
}

// serialAt gives the content of the serial number of an entry that readEntries has seen: the lengths need no check.
func (l *List) serialAt(offset uint32) []byte {
	entry := l.Raw[offset:]
	header := 2
	if entry[1] >= 0x80 {
		header += int(entry[1] & 0x7f)
	}
	return entry[header+2 : header+2+int(entry[header+1])] // a serial number has at most 64 octets: a short length
}

// Find looks up a certificate by the content octets of its serial number and its issuer. Of several entries for it
// one that revokes is preferred to one that removes.
func (l *List) Find(serial []byte, issuer certificate.Name) (Entry, bool) {
	first := sort.Search(len(l.entries), func(i int) bool { return bytes.Compare(l.serialAt(l.entries[i]), serial) >= 0 })
	var found Entry
	ok := false
	for i := first; i < len(l.entries) && bytes.Equal(l.serialAt(l.entries[i]), serial); i++ {
		if !l.issuedBy(l.entries[i], issuer) {
			continue
		}
		entry := l.entryAt(l.entries[i])
		if !ok || found.Reason == RemoveFromCRL {
			found, ok = entry, true
		}
	}
	return found, ok
}

// issuedBy tells whether an entry is about a certificate of issuer: of the list's own one until an entry names another.
func (l *List) issuedBy(offset uint32, issuer certificate.Name) bool {
	after := sort.Search(len(l.issuers), func(i int) bool { return l.issuers[i].offset > offset })
	if after == 0 {
		return issuer.Equal(l.Issuer)
	}
	run := l.issuers[after-1]
	names, err := certificate.ParseGeneralNames(l.Raw[run.value : run.value+run.length])
	return err == nil && slices.ContainsFunc(names, func(n certificate.GeneralName) bool {
		return n.Kind == certificate.DirectoryName && n.Name.Equal(issuer)
	})
}

// entryAt reads an entry again; it was well formed when the list was read.
func (l *List) entryAt(offset uint32) Entry {
	s := cryptobyte.String(l.Raw[offset:])
	var entry cryptobyte.String
	e := Entry{Reason: NoReason}
	s.ReadASN1(&entry, cbasn1.SEQUENCE)
	entry.SkipASN1(cbasn1.INTEGER)
	e.RevokedAt, _ = certificate.ReadTime(&entry)
	if entry.Empty() {
		return e
	}
	extensions, _ := certificate.ReadExtensions(&entry)
	for _, x := range extensions {
		switch {
		case x.ID.Equal(oidReason):
			e.Reason, _ = readReason(x.Value)
		case x.ID.Equal(oidInvalidityDate):
			e.InvalidityDate, _ = readInvalidityDate(x.Value)
		}
	}
	return e
}

package certificate

import (
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Name is a distinguished name (RFC 5280 §4.1.2.4). The zero value is the name without any part.
type Name struct {
	Raw []byte // DER

	// canonical is each RelativeDistinguishedName as compared, with its length before it: a name lies within a
	// subtree exactly if its canonical form begins with that of the subtree.
	canonical string
}

// Attribute is one type and value of a name.
type Attribute struct {
	Type  asn1.ObjectIdentifier // what the attribute is, e.g. 2.5.4.3 for the common name
	Tag   uint8                 // universal tag of the value: 12 UTF8String, 19 PrintableString …
	Value []byte                // content octets
	RDN   int                   // the part of the name it stands in, from 0
}

// ParseName reads a Name that fills der wholly.
//
// Errors: ErrMalformed, ErrTooLarge (over MaxSize octets, or too many attributes).
func ParseName(der []byte) (Name, error) {
	if len(der) > MaxSize {
		return Name{}, fmt.Errorf("name: %w", ErrTooLarge)
	}
	s := cryptobyte.String(der)
	r := &reader{left: maxElements}
	name, err := r.readName(&s)
	if err == nil && !s.Empty() {
		err = malformed("name: trailing element")
	}
	return name, err
}

func (r *reader) readName(s *cryptobyte.String) (Name, error) {
	var element, sequence cryptobyte.String
	if !s.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return Name{}, malformed("name")
	}
	name := Name{Raw: element}
	if !element.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return Name{}, malformed("name")
	}
	var canonical []byte
	for !sequence.Empty() {
		var set cryptobyte.String
		if !sequence.ReadASN1(&set, cbasn1.SET) {
			return Name{}, malformed("relative name")
		}
		part, err := r.canonicalPart(set)
		if err != nil {
			return Name{}, err
		}
		canonical = appendCounted(canonical, part)
	}
	name.canonical = string(canonical)
	return name, nil
}

// canonicalPart gives the form in which two RelativeDistinguishedNames are compared: a set of attributes, the
// order of which says nothing.
func (r *reader) canonicalPart(set cryptobyte.String) ([]byte, error) {
	var attributes []string
	for !set.Empty() {
		if err := r.take(); err != nil {
			return nil, err
		}
		a, err := readAttribute(&set)
		if err != nil {
			return nil, err
		}
		attributes = append(attributes, a)
	}
	if len(attributes) == 0 {
		return nil, malformed("relative name without attributes")
	}
	slices.Sort(attributes)
	var part []byte
	for _, a := range attributes {
		part = appendCounted(part, []byte(a))
	}
	return part, nil
}

func readAttribute(set *cryptobyte.String) (string, error) {
	var sequence, id, value cryptobyte.String
	var tag cbasn1.Tag
	if !set.ReadASN1(&sequence, cbasn1.SEQUENCE) || !sequence.ReadASN1(&id, cbasn1.OBJECT_IDENTIFIER) ||
		!sequence.ReadAnyASN1(&value, &tag) || !sequence.Empty() {
		return "", malformed("attribute of a name")
	}
	canonical := appendCounted(nil, id)
	if text, ok := decodeText(uint8(tag), value); ok {
		return string(append(append(canonical, 0), prepare(text)...)), nil
	}
	// RFC 5280 §7.1: other encodings are compared octet by octet.
	return string(append(append(canonical, uint8(tag)), value...)), nil
}

func appendCounted(to, part []byte) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(part))), part...)
}

// Equal compares two names by RFC 5280 §7.1: without regard to case, to how much space stands between words,
// and to whether the text is a PrintableString or a UTF8String. It holds no Unicode normalisation (NFKC): a
// letter written as one character and the same written as two are different, which can only refuse.
func (n Name) Equal(other Name) bool { return n.canonical == other.canonical }

// Within tells whether the name lies in the subtree of base (RFC 5280 §4.2.1.10).
func (n Name) Within(base Name) bool { return strings.HasPrefix(n.canonical, base.canonical) }

// Empty tells whether the name has no parts.
func (n Name) Empty() bool { return n.canonical == "" }

// Key is a string that is the same for names that are Equal, for use in maps.
func (n Name) Key() string { return n.canonical }

// Attributes lists the parts of the name in their order.
func (n Name) Attributes() []Attribute {
	s := cryptobyte.String(n.Raw)
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return nil
	}
	var all []Attribute
	for rdn := 0; !sequence.Empty(); rdn++ {
		var set cryptobyte.String
		if !sequence.ReadASN1(&set, cbasn1.SET) {
			return nil
		}
		for !set.Empty() {
			a := Attribute{RDN: rdn}
			var attribute, id, value cryptobyte.String
			var tag cbasn1.Tag
			if !set.ReadASN1(&attribute, cbasn1.SEQUENCE) || !attribute.ReadASN1Element(&id, cbasn1.OBJECT_IDENTIFIER) ||
				!attribute.ReadAnyASN1(&value, &tag) {
				return nil
			}
			if !id.ReadASN1ObjectIdentifier(&a.Type) {
				a.Type = nil // arcs over 31 bits: no attribute that anyone asks for
			}
			a.Tag, a.Value = uint8(tag), value
			all = append(all, a)
		}
	}
	return all
}

// Text is the value as text; false when its encoding is not one of text or is broken.
func (a Attribute) Text() (string, bool) { return decodeText(a.Tag, a.Value) }

// relative is the name that base and one more part make (RFC 5280 §4.2.1.13, nameRelativeToCRLIssuer). part is
// the content of the SET.
func (n Name) relative(part []byte) (Name, error) {
	var content cryptobyte.String
	s := cryptobyte.String(n.Raw)
	if len(n.Raw) > 0 && !s.ReadASN1(&content, cbasn1.SEQUENCE) {
		return Name{}, malformed("name")
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(content)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(part) })
	})
	der, err := b.Bytes()
	if err != nil {
		return Name{}, malformed("name")
	}
	return ParseName(der)
}

package certificate

import (
	"bytes"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// NameKind is the choice of a GeneralName, by its tag (RFC 5280 §4.2.1.6).
type NameKind uint8

const (
	OtherName     NameKind = iota // of a type that an identifier tells
	RFC822Name                    // mail address
	DNSName                       // name of a host
	X400Address                   // address of X.400
	DirectoryName                 // a Name
	EDIPartyName                  // party of EDI
	URI                           // address of a resource
	IPAddress                     // 4 or 16 octets; twice as many in a constraint
	RegisteredID                  // object identifier
)

// GeneralName is one name of any kind.
type GeneralName struct {
	Kind  NameKind // which of the choices it is
	Value []byte   // content octets; text of RFC822Name, DNSName, URI (ASCII); 4 or 16 octets of IPAddress (8 or 32 in constraints)
	Name  Name     // of a DirectoryName
}

// Equal compares two names as RFC 5280 §6.3.3 does for distribution points: directory names by §7.1, others
// octet by octet.
func (g GeneralName) Equal(other GeneralName) bool {
	if g.Kind != other.Kind {
		return false
	}
	if g.Kind == DirectoryName {
		return g.Name.Equal(other.Name)
	}
	return bytes.Equal(g.Value, other.Value)
}

// OtherNameType is the type-id of an OtherName; nil of another kind.
func (g GeneralName) OtherNameType() asn1.ObjectIdentifier {
	s := cryptobyte.String(g.Value)
	var id asn1.ObjectIdentifier
	if g.Kind != OtherName || !s.ReadASN1ObjectIdentifier(&id) {
		return nil
	}
	return id
}

// readGeneralNames reads the content of GeneralNames, which has at least one.
func (r *reader) readGeneralNames(s cryptobyte.String) ([]GeneralName, error) {
	if s.Empty() {
		return nil, malformed("GeneralNames without a name")
	}
	var names []GeneralName
	for !s.Empty() {
		name, err := r.readGeneralName(&s)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// nameTags gives the tag of each kind: those that are a SEQUENCE or an explicit Name are constructed.
var nameTags = [...]cbasn1.Tag{
	OtherName:     cbasn1.Tag(0).ContextSpecific().Constructed(),
	RFC822Name:    cbasn1.Tag(1).ContextSpecific(),
	DNSName:       cbasn1.Tag(2).ContextSpecific(),
	X400Address:   cbasn1.Tag(3).ContextSpecific().Constructed(),
	DirectoryName: cbasn1.Tag(4).ContextSpecific().Constructed(),
	EDIPartyName:  cbasn1.Tag(5).ContextSpecific().Constructed(),
	URI:           cbasn1.Tag(6).ContextSpecific(),
	IPAddress:     cbasn1.Tag(7).ContextSpecific(),
	RegisteredID:  cbasn1.Tag(8).ContextSpecific(),
}

func (r *reader) readGeneralName(s *cryptobyte.String) (GeneralName, error) {
	if err := r.take(); err != nil {
		return GeneralName{}, err
	}
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) {
		return GeneralName{}, malformed("GeneralName")
	}
	for kind, expected := range nameTags {
		if tag != expected {
			continue
		}
		name := GeneralName{Kind: NameKind(kind), Value: content}
		if err := r.checkGeneralName(&name); err != nil {
			return GeneralName{}, fmt.Errorf("GeneralName: %w", err)
		}
		return name, nil
	}
	return GeneralName{}, malformed("GeneralName of an unknown kind")
}

func (r *reader) checkGeneralName(name *GeneralName) error {
	switch name.Kind {
	case RFC822Name, DNSName, URI:
		if _, ascii := decodeText(tagIA5, name.Value); !ascii {
			return malformed("text that is not ASCII")
		}
	case DirectoryName:
		content := cryptobyte.String(name.Value)
		var err error
		if name.Name, err = r.readName(&content); err != nil {
			return err
		}
		if !content.Empty() {
			return malformed("directoryName: trailing element")
		}
	case OtherName:
		content := cryptobyte.String(name.Value)
		if !content.SkipASN1(cbasn1.OBJECT_IDENTIFIER) {
			return malformed("otherName")
		}
	}
	return nil
}

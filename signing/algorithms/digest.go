package algorithms

import (
	"crypto"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"hash"

	"elicensing/signing/gost"
)

// digest is a row of the table of hashes.
type digest struct {
	name   string
	oid    asn1.ObjectIdentifier
	new    func() hash.Hash
	number crypto.Hash // as crypto/rsa names it; zero for hashes outside of the standard library
	broken bool        // collisions are made: known, so that the refusal says why
}

var (
	oidSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidMD5    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1} // RFC 5754 §2
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

var (
	sha256Digest = &digest{name: "SHA-256", oid: oidSHA256, new: sha256.New, number: crypto.SHA256}
	sha384Digest = &digest{name: "SHA-384", oid: oidSHA384, new: sha512.New384, number: crypto.SHA384}
	sha512Digest = &digest{name: "SHA-512", oid: oidSHA512, new: sha512.New, number: crypto.SHA512}
	sha1Digest   = &digest{name: "SHA-1", oid: oidSHA1, new: sha1.New, number: crypto.SHA1, broken: true}
	streebog512  = &digest{name: "GOST 34.11-2015-512", oid: gost.OIDStreebog512, new: gost.NewStreebog512}
	streebog256  = &digest{name: "GOST 34.11-2015-256", oid: gost.OIDStreebog256, new: gost.NewStreebog256}
	gost95       = &digest{name: "GOST 34.311-95", oid: gost.OIDGOST95, new: gost.NewGOST95}
	md5Digest    = &digest{name: "MD5", oid: oidMD5, new: md5.New, number: crypto.MD5, broken: true}
)

var digests = []*digest{sha256Digest, sha384Digest, sha512Digest, streebog512, streebog256, gost95, sha1Digest, md5Digest}

func digestOf(id Identifier) (*digest, error) {
	for _, row := range digests {
		if row.oid.Equal(id.OID) {
			if !id.plain() {
				return nil, ErrMalformed
			}
			return row, nil
		}
	}
	return nil, ErrUnknown
}

func (d *digest) sum(data []byte) []byte {
	h := d.new()
	h.Write(data)
	return h.Sum(nil)
}

// NewHash gives the hash of a digest algorithm, for signatures, message digests and imprints.
//
// Errors: ErrUnknown, ErrMalformed, ErrWeak (SHA-1, MD5).
func NewHash(id Identifier) (hash.Hash, error) {
	row, err := digestOf(id)
	if err != nil {
		return nil, err
	}
	if row.broken {
		return nil, ErrWeak
	}
	return row.new(), nil
}

// NewNamingHash gives the hash by which a structure names a certificate that is known by other means
// too: the ESSCertID of a signed time stamp (RFC 2634 §5.4) or the CertID of OCSP (RFC 6960 §4.1.1),
// which are SHA-1 by definition or by habit. There SHA-1 only picks a certificate out of those at
// hand; whatever hangs on the hash alone is hashed by NewHash.
//
// Errors: ErrUnknown, ErrMalformed, ErrWeak (MD5).
func NewNamingHash(id Identifier) (hash.Hash, error) {
	row, err := digestOf(id)
	if err != nil {
		return nil, err
	}
	if row == sha1Digest {
		return row.new(), nil
	}
	return NewHash(id)
}

package tsp

import (
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Info is a TSTInfo (RFC 3161 §2.4.2): what the authority says.
type Info struct {
	Policy  asn1.ObjectIdentifier // under which the token was made
	Imprint Imprint               // of the stamped data
	Serial  *big.Int              // different in each token of an authority
	Time    time.Time             // genTime, UTC
	// Accuracy is how far the true time may be from Time; negative: the authority does not say.
	Accuracy time.Duration
	Ordering bool     // tokens of this authority can be ordered by Time alone
	Nonce    *big.Int // of the request; nil: none
	// Authority is the DER of the GeneralName by which the authority names itself; nil: it does not. It is a
	// hint: who it was is said by the certificate.
	Authority []byte
}

// parseInfo reads a TSTInfo in DER.
func parseInfo(der []byte) (Info, error) {
	input := cryptobyte.String(der)
	var body cryptobyte.String
	var info Info
	var version int
	var ok bool
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1Integer(&version) || version != 1 ||
		!body.ReadASN1ObjectIdentifier(&info.Policy) {
		return info, malformed("TSTInfo")
	}
	if info.Imprint, ok = readImprint(&body); !ok {
		return info, malformed("imprint")
	}
	if info.Serial, ok = readInteger(&body); !ok {
		return info, malformed("serial number")
	}
	if info.Time, ok = readTime(&body); !ok {
		return info, malformed("genTime")
	}
	if info.Accuracy, ok = readAccuracy(&body); !ok {
		return info, malformed("accuracy")
	}
	if body.PeekASN1Tag(cbasn1.BOOLEAN) && !body.ReadASN1Boolean(&info.Ordering) {
		return info, malformed("ordering")
	}
	if info.Nonce, ok = readOptionalInteger(&body); !ok {
		return info, malformed("nonce")
	}
	var name cryptobyte.String
	var present bool
	if !body.ReadOptionalASN1(&name, &present, constructed(0)) || present && name.Empty() {
		return info, malformed("name of the authority")
	}
	if present {
		info.Authority = name
	}
	extensions, ok := readExtensions(&body, 1)
	if !ok || !body.Empty() {
		return info, malformed("TSTInfo extensions")
	}
	for _, e := range extensions {
		if e.Critical {
			return info, malformed("TSTInfo with a critical extension that is not understood")
		}
	}
	return info, nil
}

// readTime reads genTime: YYYYMMDDhhmmss[.s...]Z, without trailing zeros in the fraction.
func readTime(from *cryptobyte.String) (time.Time, bool) {
	var text cryptobyte.String
	if !from.ReadASN1(&text, cbasn1.GeneralizedTime) || len(text) < 15 || len(text) > 25 || text[len(text)-1] != 'Z' {
		return time.Time{}, false
	}
	whole, fraction := string(text[:14]), string(text[14:len(text)-1])
	t, err := time.Parse("20060102150405", whole)
	if err != nil {
		return time.Time{}, false
	}
	if fraction == "" {
		return t, true
	}
	if len(fraction) < 2 || fraction[0] != '.' || fraction[len(fraction)-1] == '0' {
		return time.Time{}, false
	}
	var nanoseconds, unit int64 = 0, int64(time.Second)
	for _, digit := range fraction[1:] {
		if digit < '0' || digit > '9' {
			return time.Time{}, false
		}
		unit /= 10
		nanoseconds += int64(digit-'0') * unit
	}
	return t.Add(time.Duration(nanoseconds)), true
}

// readAccuracy reads Accuracy, if it comes next; -1 stands for none.
func readAccuracy(from *cryptobyte.String) (time.Duration, bool) {
	if !from.PeekASN1Tag(cbasn1.SEQUENCE) {
		return -1, true
	}
	var body cryptobyte.String
	var accuracy time.Duration
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) {
		return 0, false
	}
	for _, part := range []struct {
		tag  cbasn1.Tag
		unit time.Duration
		most int64
	}{
		{cbasn1.INTEGER, time.Second, 1 << 31},
		{cbasn1.Tag(0).ContextSpecific(), time.Millisecond, 999},
		{cbasn1.Tag(1).ContextSpecific(), time.Microsecond, 999},
	} {
		if !body.PeekASN1Tag(part.tag) {
			continue
		}
		var number int64
		if !body.ReadASN1Int64WithTag(&number, part.tag) || number < 0 || number > part.most {
			return 0, false
		}
		accuracy += time.Duration(number) * part.unit
	}
	return accuracy, body.Empty()
}

// encode writes a TSTInfo in DER.
func (i Info) encode() ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(i.Policy)
		i.Imprint.add(b)
		b.AddASN1BigInt(i.Serial)
		b.AddASN1(cbasn1.GeneralizedTime, func(b *cryptobyte.Builder) {
			b.AddBytes([]byte(i.Time.UTC().Format("20060102150405.999999999") + "Z"))
		})
		if i.Accuracy >= 0 {
			b.AddASN1(cbasn1.SEQUENCE, i.addAccuracy)
		}
		if i.Ordering {
			b.AddASN1Boolean(true)
		}
		if i.Nonce != nil {
			b.AddASN1BigInt(i.Nonce)
		}
		if i.Authority != nil {
			b.AddASN1(constructed(0), func(b *cryptobyte.Builder) { b.AddBytes(i.Authority) })
		}
	})
	return b.Bytes()
}

func (i Info) addAccuracy(b *cryptobyte.Builder) {
	if seconds := i.Accuracy / time.Second; seconds > 0 {
		b.AddASN1Int64(int64(seconds))
	}
	if milliseconds := i.Accuracy % time.Second / time.Millisecond; milliseconds > 0 {
		b.AddASN1Int64WithTag(int64(milliseconds), cbasn1.Tag(0).ContextSpecific())
	}
	if microseconds := i.Accuracy % time.Millisecond / time.Microsecond; microseconds > 0 {
		b.AddASN1Int64WithTag(int64(microseconds), cbasn1.Tag(1).ContextSpecific())
	}
}

// Earliest and Latest bound the true time by the accuracy; without one they are Time itself.
func (i Info) Earliest() time.Time { return i.Time.Add(-max(i.Accuracy, 0)) }

// Latest is the other end of Earliest.
func (i Info) Latest() time.Time { return i.Time.Add(max(i.Accuracy, 0)) }

// Before tells whether the token is certainly older than another: by Time alone where both come from one
// ordering authority (sameAuthority), else only if the accuracies of both leave no doubt (RFC 3161 §2.4.2).
func (i Info) Before(other Info, sameAuthority bool) bool {
	if sameAuthority && i.Ordering && other.Ordering {
		return i.Time.Before(other.Time)
	}
	return i.Latest().Before(other.Earliest())
}

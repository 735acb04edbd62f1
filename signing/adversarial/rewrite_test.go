package adversarial_test

import "testing"

// element is one tag-length-value triple of a DER message.
type element struct {
	tag      byte
	body     []byte
	children []*element // of a constructed one
}

const constructed = 0x20

// parse reads the elements of trusted DER, which the tests made themselves.
func parse(t testing.TB, der []byte) []*element {
	t.Helper()
	var all []*element
	for len(der) > 0 {
		header, length := 2, int(der[1])
		if der[1] >= 0x80 {
			n := int(der[1] & 0x7f)
			length = 0
			for _, b := range der[2 : 2+n] {
				length = length<<8 | int(b)
			}
			header += n
		}
		e := &element{tag: der[0], body: der[header : header+length]}
		if e.tag&constructed != 0 {
			e.children = parse(t, e.body)
		}
		all = append(all, e)
		der = der[header+length:]
	}
	return all
}

func (e *element) encode() []byte {
	body := e.body
	if e.tag&constructed != 0 {
		body = nil
		for _, c := range e.children {
			body = append(body, c.encode()...)
		}
	}
	return append(header(e.tag, len(body)), body...)
}

func header(tag byte, length int) []byte {
	switch {
	case length < 0x80:
		return []byte{tag, byte(length)}
	case length < 0x100:
		return []byte{tag, 0x81, byte(length)}
	case length < 0x10000:
		return []byte{tag, 0x82, byte(length >> 8), byte(length)}
	}
	return []byte{tag, 0x83, byte(length >> 16), byte(length >> 8), byte(length)}
}

// signedData is the SEQUENCE of a ContentInfo's SignedData (RFC 5652 §5.1).
func (e *element) signedData() *element { return e.children[1].children[0] }

// rewrite changes the tree of an encoded ContentInfo.
func rewrite(t testing.TB, der []byte, change func(info *element)) []byte {
	t.Helper()
	info := parse(t, der)[0]
	change(info)
	return info.encode()
}

package cms

const (
	tagSequence         = 0x30
	tagOctetString      = 0x04
	tagOctetStringParts = 0x24 // constructed OCTET STRING: its value is its parts joined (X.690 §8.7.3)
	constructedBit      = 0x20
	highTagNumber       = 0x1f
)

// element is one tag-length-value of a walked message, in order of appearance.
type element struct {
	tag        byte // first identifier octet
	tagStart   int  // offset of the identifier octets
	tagEnd     int
	valueStart int
	valueEnd   int // offset behind the value, without end-of-contents octets
	parent     int // index of the enclosing element, -1 for the outermost
	derValue   int // length of the value once written as DER
}

// frame is an element that is still open while walking.
type frame struct {
	index      int
	limit      int // no byte of it may lie behind this offset
	indefinite bool
	parts      bool // a constructed octet string
}

// Normalise checks that message is exactly one BER value within the limits and returns it with
// definite, shortest lengths and joined octet strings. A message that is so already is returned
// itself, not copied. Time and memory are linear in the message, whatever its nesting.
//
// Errors: ErrTooLarge, ErrTooDeep, ErrMalformed.
func Normalise(message []byte) ([]byte, error) {
	if len(message) > MaxSize {
		return nil, ErrTooLarge
	}
	count, canonical, err := walk(message, nil)
	if err != nil {
		return nil, err
	}
	if canonical {
		return message, nil
	}
	elements := make([]element, 0, count)
	if _, _, err := walk(message, &elements); err != nil {
		return nil, err
	}
	return rewrite(message, elements), nil
}

// walk goes through the elements of a message without recursion (X.690 §8.1), counts them and tells
// whether lengths and octet strings are already in the form of DER. With into it lists them there too: to
// know first how many there are costs less than a list that grows.
func walk(message []byte, into *[]element) (count int, canonical bool, err error) {
	canonical = true
	open := make([]frame, 0, MaxDepth)
	pos := 0
	for {
		for len(open) > 0 {
			top := open[len(open)-1]
			if top.indefinite || pos != top.limit {
				break
			}
			open = open[:len(open)-1]
		}
		if len(open) == 0 && count > 0 {
			break
		}
		limit, parent, parts := len(message), -1, false
		if len(open) > 0 {
			top := open[len(open)-1]
			limit, parent, parts = top.limit, top.index, top.parts
			if top.indefinite && pos+2 <= limit && message[pos] == 0 && message[pos+1] == 0 {
				if into != nil {
					(*into)[top.index].valueEnd = pos
				}
				open = open[:len(open)-1]
				pos += 2
				continue
			}
		}
		h, err := readHeader(message, pos, limit)
		if err != nil {
			return 0, false, err
		}
		if count == MaxElements {
			return 0, false, malformed("too many elements")
		}
		if parts && h.tag|constructedBit != tagOctetStringParts {
			return 0, false, malformed("octet string with parts of another type")
		}
		canonical = canonical && h.shortest && !h.indefinite && h.tag != tagOctetStringParts
		if into != nil {
			*into = append(*into, element{
				tag: h.tag, tagStart: pos, tagEnd: h.tagEnd, valueStart: h.valueStart, valueEnd: h.valueEnd, parent: parent,
			})
		}
		count++
		if h.tag&constructedBit == 0 {
			pos = h.valueEnd
			continue
		}
		if len(open) == MaxDepth {
			return 0, false, ErrTooDeep
		}
		open = append(open, frame{
			index: count - 1, limit: h.valueEnd, indefinite: h.indefinite, parts: h.tag == tagOctetStringParts,
		})
		pos = h.valueStart
	}
	if pos != len(message) {
		return 0, false, malformed("bytes after the message")
	}
	return count, canonical, nil
}

type header struct {
	tag        byte
	tagEnd     int
	valueStart int
	valueEnd   int // for an indefinite length: the limit of the enclosing element
	indefinite bool
	shortest   bool
}

func readHeader(message []byte, pos, limit int) (header, error) {
	if pos+2 > limit {
		return header{}, malformed("truncated")
	}
	h := header{tag: message[pos], tagEnd: pos + 1, shortest: true}
	if h.tag&highTagNumber == highTagNumber {
		// No structure of CMS or X.509 uses tag numbers above 30.
		return header{}, malformed("tag number above 30")
	}
	if h.tag == 0 {
		return header{}, malformed("end-of-contents out of place")
	}
	first := message[h.tagEnd]
	h.valueStart = h.tagEnd + 1
	switch {
	case first < 0x80:
		h.valueEnd = h.valueStart + int(first)
	case first == 0x80:
		if h.tag&constructedBit == 0 {
			return header{}, malformed("indefinite length of a primitive value")
		}
		h.indefinite, h.valueEnd = true, limit
		return h, nil
	default:
		octets := int(first & 0x7f)
		if octets > 4 || h.valueStart+octets > limit {
			return header{}, malformed("length does not fit")
		}
		length := 0
		for _, b := range message[h.valueStart : h.valueStart+octets] {
			length = length<<8 | int(b)
		}
		if length > MaxSize {
			return header{}, malformed("length does not fit")
		}
		h.valueStart += octets
		h.valueEnd = h.valueStart + length
		h.shortest = octets == lengthOctets(length)-1
	}
	if h.valueEnd > limit {
		return header{}, malformed("length does not fit")
	}
	return h, nil
}

// rewrite writes walked elements as DER. Children stand behind their parent in the list, so one
// pass backwards adds up the lengths and one pass forwards writes.
func rewrite(message []byte, elements []element) []byte {
	for i := len(elements) - 1; i >= 0; i-- {
		e := &elements[i]
		if e.tag&constructedBit == 0 {
			e.derValue = e.valueEnd - e.valueStart
		}
		if e.parent < 0 {
			continue
		}
		parent := &elements[e.parent]
		if parent.tag == tagOctetStringParts {
			parent.derValue += e.derValue
		} else {
			parent.derValue += (e.tagEnd - e.tagStart) + lengthOctets(e.derValue) + e.derValue
		}
	}
	out := make([]byte, 0, 1+lengthOctets(elements[0].derValue)+elements[0].derValue)
	for _, e := range elements {
		isPart := e.parent >= 0 && elements[e.parent].tag == tagOctetStringParts
		if !isPart {
			tag := e.tag
			if tag == tagOctetStringParts {
				tag = tagOctetString
			}
			out = appendLength(append(out, tag), e.derValue)
		}
		if e.tag&constructedBit == 0 {
			out = append(out, message[e.valueStart:e.valueEnd]...)
		}
	}
	return out
}

// lengthOctets is the number of octets of the shortest encoding of a length (X.690 §10.1).
func lengthOctets(length int) int {
	n := 1
	if length >= 0x80 {
		for ; length > 0; length >>= 8 {
			n++
		}
	}
	return n
}

func appendLength(out []byte, length int) []byte {
	n := lengthOctets(length) - 1
	if n == 0 {
		return append(out, byte(length))
	}
	out = append(out, 0x80|byte(n))
	for shift := 8 * (n - 1); shift >= 0; shift -= 8 {
		out = append(out, byte(length>>shift))
	}
	return out
}

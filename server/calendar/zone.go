package calendar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"
)

// zoneName is only a label on printed times. The rules are ours, since the machine's own zone
// tables may be older than the change of 1 March 2024, and every deadline hangs on it.
const zoneName = "Asia/Almaty"

type zoneChange struct {
	From   string `yaml:"from"`   // RFC 3339 instant; absent for the first
	Offset string `yaml:"offset"` // "+05:00"
}

// buildZone writes the changes as a version-1 TZif file (RFC 8536 §3) and lets the standard
// library read it: the result behaves like any other *time.Location.
func buildZone(changes []zoneChange) (*time.Location, error) {
	if len(changes) == 0 || changes[0].From != "" {
		return nil, fmt.Errorf("zone: the first entry must have an offset and no from")
	}
	var times []int32
	var offsets []int32
	var names bytes.Buffer
	var nameAt []uint8
	for i, c := range changes {
		t, err := time.Parse("-07:00", c.Offset)
		if err != nil {
			return nil, fmt.Errorf("zone: offset %q: %w", c.Offset, err)
		}
		_, seconds := t.Zone()
		offsets = append(offsets, int32(seconds))
		nameAt = append(nameAt, uint8(names.Len()))
		names.WriteString(c.Offset[:3] + "\x00")
		if i == 0 {
			continue
		}
		from, err := time.Parse(time.RFC3339, c.From)
		if err != nil {
			return nil, fmt.Errorf("zone: from %q: %w", c.From, err)
		}
		if n := len(times); n > 0 && int64(times[n-1]) >= from.Unix() {
			return nil, fmt.Errorf("zone: %s is not after the entry before it", c.From)
		}
		times = append(times, int32(from.Unix()))
	}

	var b bytes.Buffer
	b.WriteString("TZif")
	b.Write(make([]byte, 16)) // version 1, reserved
	// The six counts: UT/local and standard/wall indicators, leap seconds, transitions, types, name bytes.
	for _, n := range []int{0, 0, 0, len(times), len(offsets), names.Len()} {
		_ = binary.Write(&b, binary.BigEndian, uint32(n)) // a bytes.Buffer does not fail
	}
	_ = binary.Write(&b, binary.BigEndian, times)
	for i := range times {
		b.WriteByte(uint8(i + 1)) // transition i leads to type i+1; type 0 holds before all
	}
	for i, off := range offsets {
		_ = binary.Write(&b, binary.BigEndian, off)
		b.WriteByte(0) // not daylight saving
		b.WriteByte(nameAt[i])
	}
	b.Write(names.Bytes())
	return time.LoadLocationFromTZData(zoneName, b.Bytes())
}

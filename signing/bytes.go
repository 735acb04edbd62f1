package signing

import "bytes"

// appendMissing adds what is not in the list yet.
func appendMissing(list [][]byte, more ...[]byte) [][]byte {
next:
	for _, m := range more {
		for _, l := range list {
			if bytes.Equal(l, m) {
				continue next
			}
		}
		list = append(list, m)
	}
	return list
}

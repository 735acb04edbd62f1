package print_test

import "testing"

func BenchmarkDocuments(b *testing.B) {
	for name, draw := range drawings {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := draw(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

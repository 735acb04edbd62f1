package bench_test

import (
	"math"
	"slices"
	"syscall"
	"testing"
	"time"
)

const (
	rounds    = 5
	slice     = 400 * time.Millisecond // of CPU time, of each run
	tolerance = 0.15                   // between the runs of the reference before and after
)

// rate is how often something is done in a second of CPU time.
type rate func(b *testing.B) float64

// ratio reports the median share of measured in reference; one call is the whole measurement, whatever b.N.
func ratio(b *testing.B, measured, reference rate) {
	b.Helper()
	var shares, own, theirs []float64
	void := 0.0
	before := reference(b)
	for range rounds {
		m := measured(b)
		after := reference(b)
		if math.Abs(before-after) > tolerance*max(before, after) {
			void++
		}
		shares, own, theirs = append(shares, 2*m/(before+after)), append(own, m), append(theirs, after)
		before = after
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(shares), "ratio")
	b.ReportMetric(median(own), "ours/s")
	b.ReportMetric(median(theirs), "reference/s")
	b.ReportMetric(void, "void-of-5")
}

func median(values []float64) float64 {
	values = slices.Clone(values)
	slices.Sort(values)
	return values[len(values)/2]
}

// repeat is the rate of f in this process.
func repeat(f func(b *testing.B)) rate {
	return func(b *testing.B) float64 {
		begin, n := cpuTime(b), 0
		for {
			for range 20 {
				f(b)
			}
			n += 20
			if spent := cpuTime(b) - begin; spent >= slice {
				return float64(n) / spent.Seconds()
			}
		}
	}
}

func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

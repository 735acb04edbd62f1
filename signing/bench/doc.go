// Package bench measures what the signing library does in a second of CPU time, as a share of a
// reference that runs on the same machine in the same minute: OpenSSL's gost engine, or the raw
// public-key operation. It holds benchmarks only; `make bench` runs them.
//
// A figure is the median of five, each between two runs of the reference; when those two differ by more
// than 15 %, the machine was busy with something else and the figure says "void".
package bench

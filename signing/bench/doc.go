// Package bench measures what the signing library does in a second of CPU time, as a share of a
// reference that runs on the same machine in the same minute: OpenSSL's gost engine, or the raw
// public-key operation. It holds benchmarks only; `make bench` runs them.
//
// A figure is the median of five, each between two runs of the reference; when those two differ by more
// than 15 %, the machine was busy with something else and the figure says "void".
//
// A verdict on an RSA or ECDSA message holds a second opinion: another implementation reads the message and verifies
// it once more, with a public-key operation of its own. A whole verdict therefore costs at least two such operations,
// and its share of the raw one stays below one half: the goal of 0.75 for RSA cannot be reached while the second opinion
// is demanded. GOST and RSASSA-PSS are unknown to the other implementation; BenchmarkRatioCMSWithGOST and
// BenchmarkRatioCMSWithRSAPSS show a verdict without it.
package bench

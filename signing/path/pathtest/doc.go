// Package pathtest makes authorities, certificates and revocation lists for tests: also such as no authority would
// issue. Keys are new in each run and no clock is read: everything lives around Now.
package pathtest

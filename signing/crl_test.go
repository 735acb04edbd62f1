package signing_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/http"
	"net/http/httptest"
	"testing"

	"elicensing/signing"
)

// lister is a small authority of its own that makes lists with any extension.
type lister struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	leaf        *x509.Certificate
}

func newLister(t *testing.T) lister {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	make := func(template, parent *x509.Certificate) *x509.Certificate {
		template.NotBefore, template.NotAfter = T0.AddDate(-1, 0, 0), T0.AddDate(1, 0, 0)
		der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return certificate
	}
	root := &x509.Certificate{SerialNumber: serial(1), Subject: pkix.Name{CommonName: "root"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	authority := make(root, root)
	return lister{key, authority, make(&x509.Certificate{SerialNumber: serial(2), Subject: pkix.Name{CommonName: "leaf"}}, authority)}
}

func (l lister) list(t *testing.T, change func(*x509.RevocationList)) []byte {
	t.Helper()
	template := &x509.RevocationList{Number: serial(1), ThisUpdate: T0, NextUpdate: T0.AddDate(0, 0, 1)}
	change(template)
	der, err := x509.CreateRevocationList(rand.Reader, template, l.certificate, l.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A list that does not cover the certificate, or that is not understood, proves nothing.
func TestListsThatDoNotCoverTheCertificate(t *testing.T) {
	l := newLister(t)
	extension := func(n int, critical bool, value ...byte) func(*x509.RevocationList) {
		return func(r *x509.RevocationList) {
			r.ExtraExtensions = append(r.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, n}, Critical: critical, Value: value})
		}
	}
	const point, delta = 28, 27
	for name, tc := range map[string]struct {
		change func(*x509.RevocationList)
		want   signing.RevocationStatus // empty: the list must not count
	}{
		"complete":             {func(*x509.RevocationList) {}, signing.StatusGood},
		"listed":               {revoke(2, nil), signing.StatusRevoked},
		"another listed":       {revoke(3, nil), signing.StatusGood},
		"for users":            {extension(point, true, 0x30, 3, 0x81, 1, 0xff), signing.StatusGood},
		"for authorities":      {extension(point, true, 0x30, 3, 0x82, 1, 0xff), ""},
		"of some reasons":      {extension(point, true, 0x30, 4, 0x83, 2, 1, 2), ""},
		"indirect":             {extension(point, true, 0x30, 3, 0x84, 1, 0xff), ""},
		"for attributes":       {extension(point, true, 0x30, 3, 0x85, 1, 0xff), ""},
		"malformed point":      {extension(point, true, 0x30, 3, 0x81), ""},
		"delta":                {extension(delta, true, 2, 1, 1), ""},
		"unknown, critical":    {extension(99, true, 5, 0), ""},
		"unknown, harmless":    {extension(99, false, 5, 0), signing.StatusGood},
		"entry not understood": {revoke(3, []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{0x30, 0}}}), ""},
	} {
		list := l.list(t, tc.change)
		client := &signing.OCSPClient{
			Sources: []signing.RevocationSource{{Issuer: l.certificate, CRL: "http://" + configured + "/crl"}},
			HTTP: &http.Client{Transport: transport{t, func(*http.Request) (*http.Response, error) {
				w := httptest.NewRecorder()
				_, err := w.Write(list)
				return w.Result(), err
			}}},
		}
		answer, err := client.Check(context.Background(), l.leaf, l.certificate, T0)
		if answer.Status != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
}

func revoke(number int64, extensions []pkix.Extension) func(*x509.RevocationList) {
	return func(r *x509.RevocationList) {
		r.RevokedCertificateEntries = append(r.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: serial(number), RevocationTime: T0, ExtraExtensions: extensions})
	}
}

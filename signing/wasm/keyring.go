//go:build js && wasm

package main

import (
	"crypto"
	"crypto/x509"
	"errors"
	"sync"
	"syscall/js"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/pkcs12"
	"elicensing/signing/profile"
)

// maxContent bounds what is signed at once, in bytes: manifests and PDFs are far smaller.
const maxContent = 64 << 20

// keyring holds the keys that the page has opened and not closed yet.
type keyring struct {
	now func() time.Time

	mu     sync.Mutex
	last   int
	opened map[int]openKey
}

type openKey struct {
	key         crypto.Signer
	certificate *x509.Certificate
	chain       []*x509.Certificate
}

func newKeyring(now func() time.Time) *keyring {
	return &keyring{now: now, opened: map[int]openKey{}}
}

func (k *keyring) open(args []js.Value) (js.Value, error) {
	if len(args) != 2 || args[1].Type() != js.TypeString {
		return js.Null(), coded(codeArguments)
	}
	file, err := bytesOf(args[0], pkcs12.MaxSize)
	if err != nil {
		return js.Null(), err
	}
	key, holder, chain, err := pkcs12.Open(file, args[1].String())
	if err != nil {
		return js.Null(), err
	}
	read, err := certificate.Parse(holder.Raw)
	if err != nil {
		return js.Null(), pkcs12.ErrNotPKCS12 // the server would refuse what is signed with it
	}
	k.mu.Lock()
	k.last++
	handle := k.last
	k.opened[handle] = openKey{key, holder, chain}
	k.mu.Unlock()
	return describe(handle, read), nil
}

// describe tells the page whose key it is. It decides nothing: the server verifies what was signed.
func describe(handle int, c *certificate.Certificate) js.Value {
	holder, err := profile.Read(c)
	v := js.Global().Get("Object").New()
	v.Set("handle", handle)
	v.Set("certificateDER", toPage(c.Raw))
	v.Set("commonName", holder.CommonName)
	v.Set("name", holder.FullName())
	v.Set("iin", holder.IIN)
	v.Set("bin", holder.BIN)
	v.Set("organisation", holder.Organisation)
	v.Set("notBefore", c.NotBefore.Format(time.RFC3339))
	v.Set("notAfter", c.NotAfter.Format(time.RFC3339))
	v.Set("signing", err == nil && holder.Use == profile.ForSigning)
	return v
}

func (k *keyring) sign(args []js.Value) (js.Value, error) {
	if len(args) < 2 {
		return js.Null(), coded(codeArguments)
	}
	content, err := bytesOf(args[1], maxContent)
	if err != nil {
		return js.Null(), err
	}
	k.mu.Lock()
	key, ok := k.opened[handleOf(args[0])]
	k.mu.Unlock()
	if !ok {
		return js.Null(), coded(codeNoHandle)
	}
	options := cms.SignOptions{Key: key.key, Certificate: key.certificate, Chain: key.chain}
	if len(args) > 2 && args[2].Type() == js.TypeObject {
		options.Attached = args[2].Get("attached").Truthy()
		if args[2].Get("signingTime").Truthy() {
			now := k.now()
			options.SigningTime = &now
		}
	}
	message, err := cms.Sign(content, options)
	if errors.Is(err, cms.ErrKeyUnsupported) {
		return js.Null(), coded(codeUnsupported)
	}
	if err != nil {
		return js.Null(), err
	}
	return toPage(message), nil
}

func (k *keyring) close(handle int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.opened, handle)
}

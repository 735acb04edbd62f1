//go:build js && wasm

// Command wasm is the signer in the browser: it opens a key file in the page and signs there, so that
// the key never leaves the owner's machine.
//
//	signing/wasm/build.sh "$PWD/frontend/public/signer.wasm"
//
// It puts one global object, elicensingSigner, with
//
//	open(p12: Uint8Array, password: string): Promise<{handle, certificateDER, commonName, name, iin,
//	    bin, organisation, notBefore, notAfter, signing}>
//	sign(handle, content: Uint8Array, {signingTime?: boolean, attached?: boolean}): Promise<Uint8Array>
//	close(handle): void
//
// where a handle is the number or the whole object that open gave. A promise is rejected with an
// Error whose code is one of the constants below.
package main

import (
	"errors"
	"syscall/js"
	"time"

	"elicensing/signing/pkcs12"
)

// Codes of rejections; the page has a text for each.
const (
	codeWrongPassword = "wrong_password"
	codeUnreadable    = "unreadable"     // not a key file
	codeUnsupported   = "unsupported"    // a kind of key or encryption that this signer does not know, or that only archives have
	codeNoKey         = "no_key"         // a file without a key
	codeNoHandle      = "unknown_handle" // closed, or never opened
	codeArguments     = "bad_arguments"
	codeFailed        = "failed"
)

func main() {
	keys := newKeyring(time.Now)
	api := js.Global().Get("Object").New()
	api.Set("open", promising(keys.open))
	api.Set("sign", promising(keys.sign))
	api.Set("close", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) == 1 {
			keys.close(handleOf(args[0]))
		}
		return nil
	}))
	js.Global().Set("elicensingSigner", api)
	select {} // the page ends the program
}

// coded is an error with a code for the page.
type coded string

func (c coded) Error() string { return string(c) }

// promising makes a function of the page that works in a goroutine and answers with a promise.
func promising(work func(args []js.Value) (js.Value, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		executor := js.FuncOf(func(_ js.Value, settle []js.Value) any {
			go func() {
				value, err := work(args)
				if err != nil {
					rejection := js.Global().Get("Error").New(codeOf(err))
					rejection.Set("code", codeOf(err))
					settle[1].Invoke(rejection)
					return
				}
				settle[0].Invoke(value)
			}()
			return nil
		})
		defer executor.Release() // a promise calls its executor at once, and once
		return js.Global().Get("Promise").New(executor)
	})
}

func codeOf(err error) string {
	var c coded
	switch {
	case errors.As(err, &c):
		return string(c)
	case errors.Is(err, pkcs12.ErrWrongPassword):
		return codeWrongPassword
	case errors.Is(err, pkcs12.ErrNotPKCS12):
		return codeUnreadable
	case errors.Is(err, pkcs12.ErrNoKey):
		return codeNoKey
	case errors.Is(err, pkcs12.ErrKeyUnsupported):
		return codeUnsupported
	}
	return codeFailed
}

// bytesOf copies a Uint8Array of at most limit bytes into Go.
func bytesOf(value js.Value, limit int) ([]byte, error) {
	if !value.InstanceOf(js.Global().Get("Uint8Array")) || value.Length() > limit {
		return nil, coded(codeArguments)
	}
	data := make([]byte, value.Length())
	js.CopyBytesToGo(data, value)
	return data, nil
}

func toPage(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}

// handleOf takes the number of a handle, or of the object that open gave; -1 for anything else.
func handleOf(value js.Value) int {
	if value.Type() == js.TypeObject {
		value = value.Get("handle")
	}
	if value.Type() != js.TypeNumber {
		return -1
	}
	return value.Int()
}

package tsp_test

import (
	"context"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/path"
	"elicensing/signing/tsp"
)

// trusted leaves the decision about the authority to a validator of paths.
func trusted(validator *path.Validator) func(*certificate.Certificate, []*certificate.Certificate, time.Time) error {
	return func(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error {
		_, err := validator.Validate(context.Background(), path.Question{Target: authority, At: at, Extra: candidates})
		return err
	}
}

// A client has our bytes stamped by the authority of the configuration.
func ExampleClient_Stamp() {
	var validator *path.Validator // of our roots
	client := &tsp.Client{Address: "http://tsp.example/", Now: time.Now, Trust: trusted(validator)}
	token, err := client.Stamp(context.Background(), []byte("the value of a signature"))
	if err != nil {
		return
	}
	fmt.Println("existed at", token.Time, "kept as", len(token.Raw), "bytes")
}

// A token that came with a signature is held against the value of that signature.
func ExampleToken_Verify() {
	var (
		validator             *path.Validator // of our roots
		attribute, signature  []byte
		now, certificateBegan time.Time
	)
	token, err := tsp.Parse(attribute)
	if err != nil {
		return
	}
	err = token.Verify(tsp.Expectation{Data: signature, Now: now, NotBefore: certificateBegan, Trust: trusted(validator)})
	if err != nil {
		fmt.Println("proves no time:", err)
		return
	}
	fmt.Println("existed at", token.Time)
}

package path_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
)

func read(file string) *certificate.Certificate {
	der, err := os.ReadFile(nationalFolder + "/ca/" + file)
	if err != nil {
		panic(err)
	}
	c, err := certificate.Parse(der)
	if err != nil {
		panic(err)
	}
	return c
}

// A path is found by the anchors alone; without lists there is no word about revocation, and so no path.
func Example() {
	root, authority := read("root_test_gost_2022.cer"), read("nca_gost2022_test.cer")
	lists := &crl.Checker{Lists: crl.NewSet()}
	validator := path.New(path.Options{Anchors: []*certificate.Certificate{root}})
	question := path.Question{Target: authority, At: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}

	result, err := validator.Validate(context.Background(), question)
	fmt.Println(len(result.Chain), err)

	question.Revocation = lists.Check
	_, err = validator.Validate(context.Background(), question)
	var failure *path.Failure
	if errors.As(err, &failure) {
		fmt.Println(failure.Rule, failure.Depth, failure.Section)
	}
	// Output:
	// 2 <nil>
	// revocation-unknown 0 §6.1.3(a)(3)
}

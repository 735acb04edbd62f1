package servertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// contract is server/openapi.yaml, read once per test binary.
var contract = sync.OnceValues(loadContract)

// agreed is the contract as it is used here.
type agreed struct {
	routers.Router
	operations []Operation
}

// Operation is one operation of the contract.
type Operation struct {
	ID     string
	Method string
	Path   string // a template: /api/applications/{id}
	Tags   []string
	Takes  string // media type of its body, the first by name where there are several, "" for none
}

// Operations lists the contract's operations in the order of their paths, for tests that go over every route.
func Operations(t testing.TB) []Operation {
	t.Helper()
	c, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return c.operations
}

func loadContract() (*agreed, error) {
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		return nil, fmt.Errorf("servertest: where am I?")
	}
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "openapi.yaml"))
	if err != nil {
		return nil, fmt.Errorf("servertest: contract: %w", err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("servertest: contract: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("servertest: contract: %w", err)
	}
	doc.Servers = nil // any host
	router, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("servertest: contract: %w", err)
	}
	c := &agreed{Router: router}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			o := Operation{ID: operations[method].OperationID, Method: method, Path: path, Tags: operations[method].Tags}
			if body := operations[method].RequestBody; body != nil {
				o.Takes = slices.Min(slices.Collect(maps.Keys(body.Value.Content)))
			}
			c.operations = append(c.operations, o)
		}
	}
	return c, nil
}

func init() {
	// Files are bytes; what is in them is for their own tests.
	for _, mime := range []string{"application/pdf", "application/x-pkcs12", "application/vnd.etsi.asic-e+zip", "application/offset+octet-stream", "image/png", "image/jpeg", "text/csv", "text/html"} {
		openapi3filter.RegisterBodyDecoder(mime, openapi3filter.FileBodyDecoder)
	}
	// The pattern that stands for it takes long for a document of 100 KB, and lets through what is not base64.
	openapi3.DefineStringFormatValidator("byte", openapi3.NewCallbackValidator(func(s string) error {
		_, err := base64.StdEncoding.DecodeString(s)
		return err
	}))
}

// unpacked undoes Content-Encoding.
func unpacked(header http.Header, body []byte) ([]byte, error) {
	if header.Get("Content-Encoding") != "gzip" {
		return body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("packed answer: %w", err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("packed answer: %w", err)
	}
	return b, nil
}

// exchange is one request with its answer.
type exchange struct {
	request  *http.Request
	sent     []byte
	response *http.Response
	received []byte
}

// check compares an exchange with the contract: the request unless it is meant to be bad, the answer always.
func (x exchange) check(badRequest bool) error {
	router, err := contract()
	if err != nil {
		return err
	}
	route, params, err := router.FindRoute(x.request)
	if err != nil {
		if x.response.StatusCode == http.StatusNotFound || x.response.StatusCode == http.StatusMethodNotAllowed {
			return nil // no such route here nor there
		}
		return fmt.Errorf("not in the contract, yet answered %d: %w", x.response.StatusCode, err)
	}
	request := x.request.Clone(x.request.Context())
	request.Body = io.NopCloser(bytes.NewReader(x.sent))
	in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if !badRequest {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			return fmt.Errorf("the request breaks the contract: %w", err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: x.response.StatusCode, Header: x.response.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	if x.request.Method == http.MethodHead || x.response.StatusCode == http.StatusNoContent {
		out.Options.ExcludeResponseBody = true
	}
	received, err := unpacked(x.response.Header, x.received)
	if err != nil {
		return err
	}
	out.SetBodyBytes(received)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("the answer breaks the contract: %w", err)
	}
	return nil
}

package asice_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"elicensing/signing/asice"
)

// The applicant signs the manifest, which holds the digest of each file; the container keeps all of it together.
func Example() {
	files := []asice.File{
		{Name: "request.json", MIME: "application/json", Content: []byte("{}")},
		{Name: "диплом.pdf", MIME: "application/pdf", Content: []byte("%PDF-1.7")},
	}
	manifest, err := asice.Manifest(files)
	if err != nil {
		panic(err)
	}
	signature := []byte{0x30, 0x00} // a detached CMS over manifest, made elsewhere: cms.Sign, NCALayer
	var container bytes.Buffer
	if err := asice.Build(&container, manifest, signature, files...); err != nil {
		panic(err)
	}

	read, err := asice.Read(bytes.NewReader(container.Bytes()), int64(container.Len()))
	if err != nil {
		panic(err)
	}
	fmt.Println(bytes.Equal(read.Manifest, manifest), bytes.Equal(read.Signature, signature))
	for _, file := range read.Files {
		fmt.Println(file.Name, file.MIME, file.Size)
	}
	content, err := read.Files[0].Open()
	if err != nil {
		panic(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	fmt.Printf("%s %v\n", text, err)

	files[0].Content = []byte("{\"other\": true}")
	fmt.Println(errors.Is(asice.Build(io.Discard, manifest, signature, files...), asice.ErrDigest))
	// Output:
	// true true
	// request.json application/json 2
	// диплом.pdf application/pdf 8
	// {} <nil>
	// true
}

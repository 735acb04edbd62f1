#!/bin/sh
# Builds the browser signer into the file that is named; the Makefile and the tests build it by this alone. `build.sh vet` looks at it
# instead, under the same flags, so that what is compiled for the one serves the other.
#
# A visitor downloads it before his first signature, so size counts: nothing is inlined but what computes (curves, big numbers, hashes),
# which takes an eighth off. What the standard library does once, it does fast enough without.
set -eu
cd "$(dirname "$0")"
export GOOS=js GOARCH=wasm
compile="-trimpath -buildvcs=false -gcflags=all=-l
	-gcflags=elicensing/signing/gost= -gcflags=math/big= -gcflags=crypto/sha1= -gcflags=crypto/internal/fips140/bigmod=
	-gcflags=crypto/internal/fips140/nistec/...= -gcflags=crypto/internal/fips140/sha256= -gcflags=crypto/internal/fips140/sha512="
# shellcheck disable=SC2086
case $1 in
vet) exec go vet $compile . ;;
*) exec go build $compile -ldflags="-s -w" -o "$1" . ;;
esac

#!/bin/sh
# Builds the browser signer into the file that is named; the Makefile and the tests build it by this alone.
#
# A visitor downloads it before his first signature, so size counts: nothing is inlined but what computes (curves, big numbers, hashes),
# which takes an eighth off. What the standard library does once, it does fast enough without.
set -eu
cd "$(dirname "$0")"
GOOS=js GOARCH=wasm exec go build -trimpath -buildvcs=false -ldflags="-s -w" -gcflags=all=-l \
	-gcflags=elicensing/signing/gost= -gcflags=math/big= -gcflags=crypto/sha1= -gcflags=crypto/internal/fips140/bigmod= \
	-gcflags=crypto/internal/fips140/nistec/...= -gcflags=crypto/internal/fips140/sha256= -gcflags=crypto/internal/fips140/sha512= \
	-o "$1" .

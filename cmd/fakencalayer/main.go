// Command fakencalayer plays the national signing program for browser tests: the real protocol, real
// signatures, a key file instead of a dialogue. See package signing/ncalayer.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"elicensing/signing/ncalayer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(ncalayer.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

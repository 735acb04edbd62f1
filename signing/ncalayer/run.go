package ncalayer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"
)

var errUnknownMode = errors.New("ncalayer: mode is none of sign, cancel, error, wrong-content")

// Run is the program: it serves until ctx ends and returns the exit code. It prints the addresses
// when it is ready.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("fakencalayer", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("addr", "127.0.0.1:13579", "loopback `address` of the program")
	control := flags.String("control", "", "loopback `address` of the control endpoint; empty: none")
	file := flags.String("p12", "", "key `file` to sign with; may also be given through the control endpoint")
	password := flags.String("password", "Qwerty12", "password of the key file")
	secure := flags.Bool("tls", false, "serve wss with a self-signed certificate instead of ws")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	s := New(time.Now)
	if *file != "" {
		content, err := os.ReadFile(*file)
		if err == nil {
			s.key, err = OpenKey(content, *password)
		}
		if err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
	}
	if err := s.serve(ctx, stdout, *address, *control, *secure); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func (s *Server) serve(ctx context.Context, stdout io.Writer, address, control string, secure bool) error {
	program, err := listen(address)
	if err != nil {
		return err
	}
	scheme := "ws"
	if secure {
		certificate, err := selfSigned(s.now())
		if err != nil {
			return err
		}
		program = tls.NewListener(program, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		scheme = "wss"
	}
	ended := make(chan error, 2)
	servers := []*http.Server{start(program, s, ended)}
	fmt.Fprintf(stdout, "fake NCALayer at %s://%s\n", scheme, program.Addr())
	if control != "" {
		listener, err := listen(control)
		if err != nil {
			return errors.Join(err, servers[0].Close())
		}
		servers = append(servers, start(listener, s.Control(), ended))
		fmt.Fprintf(stdout, "control at http://%s\n", listener.Addr())
	}
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	for _, server := range servers {
		err = errors.Join(err, server.Close())
	}
	return err
}

func start(listener net.Listener, handler http.Handler, ended chan<- error) *http.Server {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			ended <- err
		}
	}()
	return server
}

// listen refuses addresses that other machines could reach.
func listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("ncalayer: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("ncalayer: only loopback addresses are served")
	}
	return net.Listen("tcp", address)
}

// selfSigned makes a certificate for 127.0.0.1 and localhost that lasts a day.
func selfSigned(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

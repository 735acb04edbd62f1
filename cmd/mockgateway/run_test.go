package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

const secret = "30313233343536373839616263646566303132333435363738396162636465"

func environment(t *testing.T, change map[string]string) func(string) string {
	t.Helper()
	values := map[string]string{
		"DIR": t.TempDir(), "ADDR": "127.0.0.1:0", "REQUEST_KEYS": "a:" + secret + "66,b:" + secret + "67", "NOTICE_KEY": "n:" + secret + "68",
	}
	for name, value := range change {
		values[name] = value
	}
	return func(name string) string { return values[strings.TrimPrefix(name, "MOCKGATEWAY_")] }
}

func TestSettingsAreCheckedAtOnceAndKeysNotShown(t *testing.T) {
	var stderr bytes.Buffer
	code := run(t.Context(), nil, environment(t, map[string]string{
		"DIR": "", "PAY_LATER": "soon", "REQUEST_KEYS": "a:" + secret, "NOTICE_KEY": "n:not-hex-" + secret,
	}), io.Discard, &stderr)
	if code != 2 {
		t.Errorf("exit code %d", code)
	}
	for _, name := range []string{"MOCKGATEWAY_DIR", "MOCKGATEWAY_PAY_LATER", "MOCKGATEWAY_REQUEST_KEYS", "MOCKGATEWAY_NOTICE_KEY"} {
		if !strings.Contains(stderr.String(), name) {
			t.Errorf("%s is not named in:\n%s", name, &stderr)
		}
	}
	if strings.Contains(stderr.String(), secret) {
		t.Error("a key is shown")
	}
}

func TestWrongCallAndHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, environment(t, nil), &stdout, io.Discard); code != 0 || !strings.Contains(stdout.String(), "MOCKGATEWAY_ADDR") {
		t.Errorf("help: %d", code)
	}
	if code := run(t.Context(), []string{"start"}, environment(t, nil), io.Discard, &stderr); code != 2 || stderr.Len() == 0 {
		t.Errorf("unknown word: %d", code)
	}
}

func TestPortTaken(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	var stderr bytes.Buffer
	code := run(t.Context(), nil, environment(t, map[string]string{"ADDR": listener.Addr().String()}), io.Discard, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "address already in use") {
		t.Errorf("%d: %s", code, &stderr)
	}
}

// The whole program, started as main starts it: it serves and stops when asked to.
func TestProgramServesAndStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	logs, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, nil, environment(t, nil), io.Discard, write)
		_ = write.Close()
	}()
	line := make([]byte, 4096)
	n, err := logs.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, logs) }()
	_, address, _ := strings.Cut(string(line[:n]), `"addr":"`)
	address, _, _ = strings.Cut(address, `"`)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusNoContent {
		t.Errorf("%d, %v", response.StatusCode, err)
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

package bouncycastle_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// judge is the program in testdata, in a process of its own.
type judge struct {
	mu      sync.Mutex
	process *exec.Cmd
	jobs    io.WriteCloser
	answers *bufio.Reader
}

var (
	errNoJDK  = errors.New("no second opinion of BouncyCastle")
	errNoJars = errors.New("BouncyCastle is missing")
)

var (
	classes string // the folder that the program is compiled into
	running *judge // once a test asked
)

func TestMain(m *testing.M) {
	var err error
	if classes, err = os.MkdirTemp("", "bouncycastle"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if running != nil {
		_ = running.jobs.Close() // ends it
		_ = running.process.Wait()
	}
	_ = os.RemoveAll(classes)
	os.Exit(code)
}

// started compiles and starts the program at the first question: a start takes seconds, an answer a millisecond.
var started = sync.OnceValues(func() (*judge, error) {
	path, err := exec.Command(filepath.Join("..", "..", ".ci", "bouncycastle")).Output()
	var end *exec.ExitError
	switch {
	case errors.As(err, &end) && end.ExitCode() == 2:
		return nil, fmt.Errorf("%w: %s", errNoJDK, bytes.TrimSpace(end.Stderr))
	case errors.As(err, &end):
		return nil, fmt.Errorf("%w: %s", errNoJars, bytes.TrimSpace(end.Stderr))
	case err != nil:
		return nil, err
	}
	jars := strings.TrimSpace(string(path))
	sources, err := filepath.Glob(filepath.Join("testdata", "*.java"))
	if err != nil {
		return nil, err
	}
	for _, source := range sources { // so that Go knows when its tests must run anew
		if _, err := os.Stat(source); err != nil {
			return nil, err
		}
	}
	compile := exec.Command("javac", append([]string{"-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-nowarn", "-proc:none",
		"-encoding", "UTF-8", "-d", classes, "-cp", jars}, sources...)...)
	if output, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("javac: %w\n%s", err, output)
	}
	j := &judge{process: exec.Command("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes+":"+jars, "Judge")}
	j.process.Stderr = os.Stderr
	if j.jobs, err = j.process.StdinPipe(); err != nil {
		return nil, err
	}
	answers, err := j.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	j.answers = bufio.NewReader(answers)
	if err := j.process.Start(); err != nil {
		return nil, err
	}
	running = j
	return j, nil
})

// present gives the running program, or skips the test where that is allowed.
func present(t *testing.T) *judge {
	t.Helper()
	j, err := started()
	if errors.Is(err, errNoJDK) || errors.Is(err, errNoJars) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// ask gives a job to BouncyCastle: whether it found all good, and what it said.
func ask(t *testing.T, job string, fields ...[]byte) (good bool, said string) {
	t.Helper()
	j := present(t)
	j.mu.Lock()
	defer j.mu.Unlock()
	line := job
	for _, field := range fields {
		line += "\t" + base64.StdEncoding.EncodeToString(field)
	}
	if _, err := io.WriteString(j.jobs, line+"\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := j.answers.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	verdict, said, ok := strings.Cut(strings.TrimSuffix(answer, "\n"), "\t")
	if !ok || verdict != "good" && verdict != "bad" {
		t.Fatalf("%s: an answer that is none: %q", job, answer)
	}
	return verdict == "good", said
}

// accepts demands that BouncyCastle finds all good and says just this.
func accepts(t *testing.T, name, want, job string, fields ...[]byte) {
	t.Helper()
	if good, said := ask(t, job, fields...); !good || said != want {
		t.Errorf("%s: BouncyCastle says %q (good: %v), want %q", name, said, good, want)
	}
}

// refuses demands that BouncyCastle refuses and says this, among other words.
func refuses(t *testing.T, name, want, job string, fields ...[]byte) {
	t.Helper()
	if good, said := ask(t, job, fields...); good || !strings.Contains(said, want) {
		t.Errorf("%s: BouncyCastle says %q (good: %v), want a refusal with %q", name, said, good, want)
	}
}

// makes lets BouncyCastle make something.
func makes(t *testing.T, job string, fields ...[]byte) []byte {
	t.Helper()
	good, said := ask(t, job, fields...)
	made, err := base64.StdEncoding.DecodeString(said)
	if !good || err != nil {
		t.Fatalf("%s: %s (%v)", job, said, err)
	}
	return made
}

// flipped is a copy with one bit turned, at a share of its length.
func flipped(data []byte, share float64) []byte {
	damaged := bytes.Clone(data)
	damaged[int(share*float64(len(damaged)))] ^= 0x04
	return damaged
}

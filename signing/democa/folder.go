package democa

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"elicensing/signing/gost"
	"elicensing/signing/pkcs12"
)

// Names in the folder. Keys are PKCS#8 beside their certificate in one PEM file.
const (
	registerFile = "register.json"
	peopleFolder = "people"
	keyFileEnd   = ".p12"
)

// renewBefore is how long before its end a demo person's certificate is issued anew.
const renewBefore = 30 * 24 * time.Hour

// Open loads the authority of a folder, or makes one there at the first start. The folder is private
// (0700, files 0600). Certificates of demo people that end soon are issued anew.
//
// Errors: those of the file system; a file there that is not what Save wrote.
func Open(folder string, now func() time.Time) (*Authority, error) {
	a := empty(now)
	_, err := os.Stat(filepath.Join(folder, registerFile))
	switch {
	case err == nil:
		if err := a.load(folder); err != nil {
			return nil, err
		}
	case errors.Is(err, fs.ErrNotExist):
		keys, err := generateKeys(5)
		if err != nil {
			return nil, err
		}
		if err := a.establish(keys); err != nil {
			return nil, err
		}
		if err := a.establishGOST(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("democa: %w", err)
	}
	if err := a.issueDemoPeople(); err != nil {
		return nil, err
	}
	return a, a.Save(folder)
}

// pairs names the authority's own keys as files.
func (a *Authority) pairs() map[string]*pair {
	return map[string]*pair{
		"root.pem": &a.root, "nca.pem": &a.issuing, "ocsp.pem": &a.ocsp, "tsa.pem": &a.stamps, "foreign.pem": &a.foreign,
		"gost-root.pem": &a.gost.root, "gost-nca.pem": &a.gost.issuing, "gost-ocsp.pem": &a.gost.ocsp,
	}
}

// Save writes everything into the folder. The register, by whose presence Open knows a complete
// folder, comes last; each file appears whole or not at all.
//
// Errors: those of the file system.
func (a *Authority) Save(folder string) error {
	if err := os.MkdirAll(filepath.Join(folder, peopleFolder), 0o700); err != nil {
		return fmt.Errorf("democa: %w", err)
	}
	for name, p := range a.pairs() {
		key, err := marshalKey(p.key)
		if err != nil {
			return fmt.Errorf("democa: %s: %w", name, err)
		}
		content := append(
			pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
			pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})...)
		if err := writeWhole(filepath.Join(folder, name), content); err != nil {
			return err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, file := range a.files {
		if err := writeWhole(filepath.Join(folder, peopleFolder, id+keyFileEnd), file); err != nil {
			return err
		}
	}
	register, err := json.MarshalIndent(a.register, "", "  ")
	if err != nil {
		return fmt.Errorf("democa: register: %w", err)
	}
	return writeWhole(filepath.Join(folder, registerFile), register)
}

func (a *Authority) load(folder string) error {
	withoutGOST := false
	for name, p := range a.pairs() {
		var err error
		*p, err = readPair(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(name, "gost-") {
			withoutGOST = true // a folder that is older than the branch
			continue
		}
		if err != nil {
			return fmt.Errorf("democa: %s: %w", name, err)
		}
	}
	register, err := os.ReadFile(filepath.Join(folder, registerFile))
	if err != nil {
		return fmt.Errorf("democa: %w", err)
	}
	if err := json.Unmarshal(register, &a.register); err != nil {
		return fmt.Errorf("democa: register: %w", err)
	}
	if withoutGOST {
		if err := a.establishGOST(); err != nil {
			return err
		}
	}
	for _, responder := range []pair{a.ocsp, a.gost.ocsp} {
		if a.now().After(responder.certificate.NotAfter.Add(-renewBefore)) {
			return fmt.Errorf("democa: the demo authority in %s ends soon: remove the folder, a new one is made", folder)
		}
	}
	for _, person := range people {
		for _, name := range []string{person.ID + rsaFile, person.ID + gostFile} {
			if err := a.loadKeyFile(folder, name, person.defect == expired); err != nil {
				return err
			}
		}
	}
	return nil
}

// loadKeyFile takes a key file over, unless its certificate ends soon and should not.
func (a *Authority) loadKeyFile(folder, name string, mayEnd bool) error {
	file, err := os.ReadFile(filepath.Join(folder, peopleFolder, name+keyFileEnd))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a demo person, or a kind of key, that is new since the last start
	}
	if err != nil {
		return fmt.Errorf("democa: %w", err)
	}
	_, certificate, chain, err := pkcs12.Open(file, Password)
	if err != nil {
		return fmt.Errorf("democa: key file %s: %w", name, err)
	}
	if !a.issued(chain) {
		return nil // by a branch that has been made anew
	}
	if mayEnd || a.now().Before(certificate.NotAfter.Add(-renewBefore)) {
		a.files[name] = file
	}
	return nil
}

// issued tells whether a chain ends at an issuing authority of ours.
func (a *Authority) issued(chain []*x509.Certificate) bool {
	for _, c := range chain {
		if c.Equal(a.issuing.certificate) || c.Equal(a.gost.issuing.certificate) || c.Equal(a.foreign.certificate) {
			return true
		}
	}
	return false
}

func marshalKey(key crypto.Signer) ([]byte, error) {
	if national, ok := key.(*gost.PrivateKey); ok {
		return national.Marshal(), nil
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

func parseKey(pkcs8 []byte) (crypto.Signer, error) {
	national, err := gost.ParsePrivateKey(pkcs8)
	if err == nil || !errors.Is(err, gost.ErrUnknown) {
		return national, err
	}
	key, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("key cannot sign")
	}
	return signer, nil
}

func readPair(path string) (pair, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return pair{}, err
	}
	keyBlock, rest := pem.Decode(content)
	if keyBlock == nil || keyBlock.Type != "PRIVATE KEY" {
		return pair{}, errors.New("no key")
	}
	certificateBlock, _ := pem.Decode(rest)
	if certificateBlock == nil || certificateBlock.Type != "CERTIFICATE" {
		return pair{}, errors.New("no certificate")
	}
	signer, err := parseKey(keyBlock.Bytes)
	if err != nil {
		return pair{}, err
	}
	certificate, err := x509.ParseCertificate(certificateBlock.Bytes)
	if err != nil {
		return pair{}, err
	}
	return pair{signer, certificate}, nil
}

// writeWhole replaces a file in one step, so that a crash leaves the old or the new one.
func writeWhole(path string, content []byte) error {
	part, err := os.CreateTemp(filepath.Dir(path), ".part-*") // created with mode 0600
	if err != nil {
		return fmt.Errorf("democa: %w", err)
	}
	_, err = part.Write(content)
	err = errors.Join(err, part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("democa: write %s: %w", filepath.Base(path), err), os.Remove(part.Name()))
	}
	return nil
}

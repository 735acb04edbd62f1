package democa

import (
	"crypto"
	"errors"
	"fmt"

	"elicensing/signing/pkcs12"
)

// ErrNoSuchPerson is answered for an id that is not in the table of demo people.
var ErrNoSuchPerson = errors.New("democa: no such demo person")

// KeyFile is the .p12 of a demo person with an RSA key; Password opens it.
//
// Errors: ErrNoSuchPerson.
func (a *Authority) KeyFile(id string) ([]byte, error) { return a.file(id, rsaFile) }

// GOSTKeyFile is the .p12 of the same person with a GOST 34.10-2015 key, in the national form.
//
// Errors: ErrNoSuchPerson.
func (a *Authority) GOSTKeyFile(id string) ([]byte, error) { return a.file(id, gostFile) }

// What is added to a person's id tells the file with the GOST key from the other.
const (
	rsaFile  = ""
	gostFile = ".gost"
)

func (a *Authority) file(id, kind string) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	file, ok := a.files[id+kind]
	if _, known := PersonByID(id); !known || !ok {
		return nil, ErrNoSuchPerson
	}
	return file, nil
}

// Holder opens the key file of a demo person, for tests that sign.
//
// Errors: ErrNoSuchPerson; those of pkcs12.Open, when the file was changed in the folder.
func (a *Authority) Holder(id string) (*Holder, error) { return a.holder(id, rsaFile) }

// GOSTHolder opens the one with the GOST key.
//
// Errors: as Holder.
func (a *Authority) GOSTHolder(id string) (*Holder, error) { return a.holder(id, gostFile) }

func (a *Authority) holder(id, kind string) (*Holder, error) {
	file, err := a.file(id, kind)
	if err != nil {
		return nil, err
	}
	// To derive a key from a password takes long on purpose, and tests ask for the same holders again and again.
	if known, ok := a.opened.Load(string(file)); ok {
		holder := known.(Holder)
		return &holder, nil
	}
	key, certificate, chain, err := pkcs12.Open(file, Password)
	if err != nil {
		return nil, fmt.Errorf("democa: key file %s: %w", id+kind, err)
	}
	holder := Holder{Key: key, Certificate: certificate, Chain: chain}
	a.opened.Store(string(file), holder)
	return &holder, nil
}

// issueDemoPeople makes the key files that are missing.
func (a *Authority) issueDemoPeople() error {
	for kind, generate := range map[string]func(int) ([]crypto.Signer, error){rsaFile: generateKeys, gostFile: generateGOST} {
		var missing []DemoPerson
		for _, p := range people {
			if _, ok := a.files[p.ID+kind]; !ok {
				missing = append(missing, p)
			}
		}
		keys, err := generate(len(missing))
		if err != nil {
			return err
		}
		for i, p := range missing {
			file, err := a.issueDemoPerson(p, keys[i])
			if err != nil {
				return err
			}
			a.mu.Lock()
			a.files[p.ID+kind] = file
			a.mu.Unlock()
		}
	}
	return nil
}

func (a *Authority) issueDemoPerson(p DemoPerson, key crypto.Signer) ([]byte, error) {
	o := IssueOptions{Role: p.Role, Key: key}
	switch p.defect {
	case expired:
		o.NotBefore, o.NotAfter = a.now().AddDate(-2, 0, 0), a.now().AddDate(-1, 0, 0)
	case authOnly:
		o.AuthOnly = true
	case untrusted:
		o.Untrusted = true
	}
	holder, err := a.Issue(Person{p.Surname, p.GivenName, p.Patronymic, p.IIN, p.BIN, p.Organisation}, o)
	if err != nil {
		return nil, err
	}
	if p.defect == revoked {
		a.Revoke(holder.Certificate, a.now().AddDate(0, 0, -1), keyCompromise)
	}
	return holder.PKCS12(Password)
}

const keyCompromise = 1 // RFC 5280 §5.3.1

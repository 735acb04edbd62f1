package democa

import (
	"errors"
	"fmt"

	"elicensing/signing/pkcs12"
)

// ErrNoSuchPerson is answered for an id that is not in the table of demo people.
var ErrNoSuchPerson = errors.New("democa: no such demo person")

// KeyFile is the .p12 of a demo person; Password opens it.
func (a *Authority) KeyFile(id string) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	file, ok := a.files[id]
	if !ok {
		return nil, ErrNoSuchPerson
	}
	return file, nil
}

// Holder opens the key file of a demo person, for tests that sign.
func (a *Authority) Holder(id string) (*Holder, error) {
	file, err := a.KeyFile(id)
	if err != nil {
		return nil, err
	}
	key, certificate, chain, err := pkcs12.Open(file, Password)
	if err != nil {
		return nil, fmt.Errorf("democa: key file of %s: %w", id, err)
	}
	return &Holder{Key: key, Certificate: certificate, Chain: chain}, nil
}

// issueDemoPeople makes the key files that are missing.
func (a *Authority) issueDemoPeople() error {
	var missing []DemoPerson
	for _, p := range people {
		if _, ok := a.files[p.ID]; !ok {
			missing = append(missing, p)
		}
	}
	keys, err := generateKeys(len(missing))
	if err != nil {
		return err
	}
	for i, p := range missing {
		o := IssueOptions{Role: p.Role, Key: keys[i]}
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
			return err
		}
		if p.defect == revoked {
			a.Revoke(holder.Certificate, a.now().AddDate(0, 0, -1), keyCompromise)
		}
		file, err := holder.PKCS12(Password)
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.files[p.ID] = file
		a.mu.Unlock()
	}
	return nil
}

const keyCompromise = 1 // RFC 5280 §5.3.1

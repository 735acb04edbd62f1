package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"gopkg.in/yaml.v3"

	"elicensing/payments"
	"elicensing/server/directory"
	"elicensing/server/identity"
)

// staffFile is what an administrator gives to `elicensing staff`: authorities that take applications here, with requisites and employees.
type staffFile struct {
	Authorities []staffAuthority `yaml:"authorities"`
}

type staffAuthority struct {
	Code       string          `yaml:"code"` // of the directory, two digits
	BIN        string          `yaml:"bin"`
	Requisites staffRequisites `yaml:"requisites"`
	Employees  []staffEmployee `yaml:"employees"`
}

type staffRequisites struct {
	TaxOffice      string `yaml:"taxOffice"`
	Beneficiary    string `yaml:"beneficiary"`
	BeneficiaryBIN string `yaml:"beneficiaryBin"`
	Account        string `yaml:"account"`
	BankCode       string `yaml:"bankCode"`
}

type staffEmployee struct {
	IIN    string          `yaml:"iin"`
	Name   string          `yaml:"name"`
	Phone  string          `yaml:"phone"`
	Roles  []identity.Role `yaml:"roles"`
	Active *bool           `yaml:"active"` // absent: true; false takes the roles away
}

// Codes of the fee, the same everywhere (facts §3).
const (
	feeBudgetCode  = "105402"
	feePurposeCode = "911"
)

// staff takes the file into the database. It may be repeated; what is in the file is brought into line, what is not in it is left alone.
func staff(ctx context.Context, getenv func(string) string, path string, stdout, stderr io.Writer) error {
	url := getenv("ELICENSING_DATABASE_URL")
	if url == "" {
		return errors.New("ELICENSING_DATABASE_URL is missing")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the file of staff: %w", err)
	}
	var in staffFile
	strict := yaml.NewDecoder(bytes.NewReader(raw))
	strict.KnownFields(true)
	if err := strict.Decode(&in); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	places, err := directory.Load()
	if err != nil {
		return err
	}
	db, pool, err := openDatabase(ctx, url, newLog(stderr))
	if err != nil {
		return err
	}
	defer pool.Close()
	people, err := identity.New(identity.Deps{DB: db, Now: clock, PortalURL: "http://localhost", Verify: nobody})
	if err != nil {
		return err
	}
	for _, a := range in.Authorities {
		if _, err := places.Authority(a.Code); err != nil {
			return fmt.Errorf("%s: no authority has the code %q", path, a.Code)
		}
		r := a.Requisites
		err := people.EnsureAuthority(ctx, a.Code, a.BIN, payments.Requisites{TaxOfficeCode: r.TaxOffice, BudgetCode: feeBudgetCode, PurposeCode: feePurposeCode,
			Beneficiary: r.Beneficiary, BeneficiaryBIN: r.BeneficiaryBIN, Account: r.Account, BankCode: r.BankCode})
		if err != nil {
			return err
		}
		for _, e := range a.Employees {
			kept, err := people.EnsureEmployee(ctx, identity.Employee{AuthorityCode: a.Code, IIN: e.IIN, Name: e.Name, Roles: e.Roles, Phone: e.Phone, Active: true})
			if err != nil {
				return err
			}
			if e.Active != nil && !*e.Active {
				if err := people.DismissEmployee(ctx, kept.ID); err != nil {
					return err
				}
			}
		}
		fmt.Fprintf(stdout, "authority %s: %d employees\n", a.Code, len(a.Employees))
	}
	return nil
}

// nobody signs in while the file is taken.
func nobody(context.Context, []byte, []byte) (identity.Signer, error) {
	return identity.Signer{}, errors.New("nobody signs in here")
}

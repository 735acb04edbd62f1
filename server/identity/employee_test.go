package identity_test

import (
	"testing"

	"github.com/google/uuid"

	"elicensing/server/identity"
)

func TestEmployees(t *testing.T) {
	d := newDesk(t)
	first := d.employ(officialIIN, identity.Executor)
	again := d.employ(officialIIN, identity.Executor, identity.Head)
	if first.ID != again.ID || len(again.Roles) != 2 {
		t.Errorf("appointed twice: %+v and %+v", first, again)
	}
	other := d.employ("700101300789", identity.Executor)
	list, err := identity.EmployeesOf(d.db, authority, identity.Executor)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := d.DismissEmployee(t.Context(), other.ID); err != nil {
		t.Fatal(err)
	}
	if list, err = identity.EmployeesOf(d.db, authority, identity.Executor); err != nil || len(list) != 1 || !list[0].Has(identity.Head) {
		t.Errorf("%+v, %v", list, err)
	}
	if e, err := identity.EmployeeByID(d.db, other.ID); err != nil || e == nil || e.Active {
		t.Errorf("the dismissed: %+v, %v", e, err)
	}
	if e, err := identity.EmployeeByID(d.db, uuid.New()); err != nil || e != nil {
		t.Errorf("nobody: %+v, %v", e, err)
	}
}

func TestEmployeesThatCannotBe(t *testing.T) {
	d := newDesk(t)
	if err := d.EnsureAuthority(t.Context(), "14", "140140000014", nil); err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]identity.Employee{
		"no role":           {AuthorityCode: authority, IIN: personIIN, Name: "А"},
		"applicant":         {AuthorityCode: authority, IIN: personIIN, Name: "А", Roles: []identity.Role{identity.Applicant}},
		"text in the array": {AuthorityCode: authority, IIN: personIIN, Name: "А", Roles: []identity.Role{"head},{chancery"}},
		"no authority":      {AuthorityCode: "99", IIN: personIIN, Name: "А", Roles: []identity.Role{identity.Head}},
		"no IIN":            {AuthorityCode: authority, IIN: "1", Name: "А", Roles: []identity.Role{identity.Head}},
		"two authorities":   {AuthorityCode: "14", IIN: officialIIN, Name: "А", Roles: []identity.Role{identity.Head}},
	} {
		if _, err := d.EnsureEmployee(t.Context(), e); err == nil {
			t.Errorf("%s: appointed", name)
		}
	}
}

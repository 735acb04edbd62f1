package identity

import (
	"context"
	"fmt"

	"elicensing/signing/democa"
)

// demoRoles are the roles of the demo authority's people, by the purpose of their key.
var demoRoles = map[string][]Role{"chancery": {Chancery}, "head": {Head}, "executor": {Executor}}

// EnsureDemoAuthority sets the demo authority up under a code of the directory: its BIN, requisites for payment, and the people of
// signing/democa with their roles. For demo mode and tests.
func (s *Service) EnsureDemoAuthority(ctx context.Context, code string, requisites any) error {
	if err := s.EnsureAuthority(ctx, code, democa.AuthorityBIN, requisites); err != nil {
		return err
	}
	for _, p := range democa.People() {
		if p.BIN != democa.AuthorityBIN {
			continue
		}
		roles, ok := demoRoles[p.Purpose]
		if !ok {
			return fmt.Errorf("identity: demo person %s has the unknown purpose %q", p.ID, p.Purpose)
		}
		if _, err := s.EnsureEmployee(ctx, Employee{AuthorityCode: code, IIN: p.IIN, Name: p.Name(), Roles: roles}); err != nil {
			return err
		}
	}
	return nil
}

package localpg

import "testing"

// A folder of a version that had no role for the program gets one at the next start, beside the rows that it holds.
func TestTheProgramsRoleIsMadeWhereItIsMissing(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	earlier := startIn(t, dir)
	execute(t, earlier.URL(), "DROP ROLE "+Role, "CREATE TABLE kept AS SELECT 7 AS n")
	if err := earlier.Stop(); err != nil {
		t.Fatal(err)
	}
	server := startIn(t, dir)
	if got := answer(t, server.RoleURL(), "SELECT current_user || ' ' || (SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user)"); got != Role+" false" {
		t.Errorf("the program works as %q", got)
	}
	execute(t, server.URL(), "GRANT SELECT ON kept TO "+Role)
	if got := answer(t, server.RoleURL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("the row reads %q", got)
	}
}

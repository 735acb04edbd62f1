package checks

import "context"

// steps are the changes of state that the journal tells of, each with the state that the one before it led to.
const steps = `
	WITH steps AS (
		SELECT id, application_id, action, from_state, to_state, lag(to_state) OVER (PARTITION BY application_id ORDER BY id) AS before,
			row_number() OVER (PARTITION BY application_id ORDER BY id DESC) AS from_end
		FROM journal WHERE application_id IS NOT NULL AND from_state <> to_state
	) `

// states: an application stands where the journal says it was brought, by steps that the process has, and has what its state demands (I12,
// I15, I31).
func states(ctx context.Context, s Subject) (int, []Finding, error) {
	return s.ask(ctx, "SELECT count(*) FROM applications",
		`SELECT a.id::text, 'the journal does not know it' FROM applications a WHERE NOT EXISTS (SELECT FROM journal j WHERE j.application_id = a.id) ORDER BY 1`,
		steps+`SELECT a.id::text, 'is ' || a.state || ', the journal left it at ' || t.to_state
			FROM applications a JOIN steps t ON t.application_id = a.id AND t.from_end = 1 WHERE t.to_state <> a.state ORDER BY 1`,
		steps+`SELECT t.application_id::text, 'is gone, the journal left it at ' || t.to_state
			FROM steps t WHERE t.from_end = 1 AND t.to_state <> 'gone' AND NOT EXISTS (SELECT FROM applications a WHERE a.id = t.application_id) ORDER BY 1`,
		steps+`SELECT application_id::text, 'journal row ' || id || ' goes from ' || from_state || ', the one before led to ' || before
			FROM steps WHERE before IS NOT NULL AND before <> from_state ORDER BY 1`,
		steps+`SELECT t.application_id::text, 'journal row ' || t.id || ': no step leads from ' || t.from_state || ' to ' || t.to_state
			FROM steps t WHERE t.from_state <> '' AND t.to_state <> 'gone'
				AND NOT EXISTS (SELECT FROM application_transitions p WHERE p.from_state = t.from_state AND p.to_state = t.to_state) ORDER BY 1`,
		steps+`SELECT application_id::text, 'the journal has ' || action || ' ' || count(*) || ' times'
			FROM steps WHERE action IN ('create', 'file', 'register', 'sign_result') GROUP BY application_id, action HAVING count(*) > 1 ORDER BY 1`,
		`SELECT a.id::text, 'is ' || a.state || ' without a signed request' FROM applications a
			WHERE a.state <> 'draft' AND NOT EXISTS (SELECT FROM signatures s WHERE s.application_id = a.id AND s.purpose = 'request' AND s.set_aside_at IS NULL) ORDER BY 1`,
		`SELECT a.id::text, 'is ' || a.state || ' and has ' || coalesce('a ' || r.kind, 'no result') FROM applications a LEFT JOIN results r ON r.application_id = a.id
			WHERE coalesce(r.kind, '') <> CASE a.state WHEN 'issued' THEN 'licence' WHEN 'refused' THEN 'refusal' ELSE '' END ORDER BY 1`,
		`SELECT coalesce(r.licence_number, l.number), 'stands in the register for another application than its document' FROM results r
			FULL JOIN licences l ON l.number = r.licence_number WHERE (r.kind = 'licence' OR r.kind IS NULL) AND r.application_id IS DISTINCT FROM l.application_id ORDER BY 1`,
	)
}

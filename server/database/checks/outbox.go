package checks

import "context"

// outbox: what was to be sent is sent, or waits its turn; each step that the law wants told has its message (I30).
func outbox(ctx context.Context, s Subject) (int, []Finding, error) {
	return s.ask(ctx, "SELECT count(*) FROM outbox",
		`SELECT 'message ' || id, kind || ' was given up after ' || attempts || ' attempts: ' || last_error FROM outbox WHERE given_up_at IS NOT NULL ORDER BY id`,
		`SELECT 'message ' || id, kind || ' is due since ' || to_char(next_attempt_at, 'YYYY-MM-DD HH24:MI TZ') || ', nobody takes it' FROM outbox
			WHERE done_at IS NULL AND given_up_at IS NULL AND next_attempt_at < now() - interval '1 hour' ORDER BY id`,
		`SELECT j.application_id::text, 'was ' || j.to_state || ', and no message tells it' FROM journal j
			WHERE j.to_state IN ('filed', 'registered', 'issued', 'refused', 'withdrawn') AND j.from_state <> j.to_state AND NOT EXISTS (
				SELECT FROM outbox o WHERE o.kind = 'notice' AND o.payload->>'applicationId' = j.application_id::text AND o.payload->>'event' = j.to_state) ORDER BY 1`,
		`SELECT o.payload->>'applicationId', o.payload->>'event' || ' is told ' || count(*) || ' times' FROM outbox o
			WHERE o.kind = 'notice' AND o.payload->>'event' IN ('filed', 'registered', 'issued', 'refused', 'withdrawn') GROUP BY 1, o.payload->>'event' HAVING count(*) > 1 ORDER BY 1`,
	)
}

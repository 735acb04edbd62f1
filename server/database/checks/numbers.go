package checks

import "context"

// taken are all numbers with the counter that each came from. The year of a number is that of Kazakhstan, UTC+5.
const taken = `
	WITH taken (series, year, n, record) AS (
		SELECT 'application/' || authority_code, number_year, number_seq, number FROM applications WHERE number IS NOT NULL
		UNION ALL
		SELECT 'incoming/' || authority_code, extract(year FROM registered_at AT TIME ZONE 'UTC' + interval '5 hours')::int, incoming_number::int, coalesce(number, id::text)
			FROM applications WHERE incoming_number IS NOT NULL
		UNION ALL
		SELECT 'licence/' || substr(number, 5, 3), 0, substr(number, 8)::int, number FROM licence_numbers
		UNION ALL
		SELECT 'outgoing/' || authority_code, year, number, 'letter ' || authority_code || '/' || year || '/' || number FROM outgoing_numbers
		UNION ALL
		SELECT 'order/' || authority_code, year, number, 'order ' || authority_code || '/' || year || '/' || number FROM order_numbers
		UNION ALL
		SELECT 'non-submission/' || authority_code, split_part(out_number, '-', 3)::int, split_part(out_number, '-', 4)::int, out_number FROM refund_requests WHERE out_number <> ''
	) `

// numbers: none is given twice, none is skipped without a record (I1), and each says what it is the number of.
func numbers(ctx context.Context, s Subject) (int, []Finding, error) {
	return s.ask(ctx, taken+"SELECT count(*) FROM taken",
		taken+`SELECT series || ' ' || year || ' no. ' || n, 'given ' || count(*) || ' times: ' || string_agg(record, ', ' ORDER BY record)
			FROM taken GROUP BY series, year, n HAVING count(*) > 1 ORDER BY 1`,
		taken+`SELECT c.series || ' ' || c.year || ' no. ' || g.n, 'skipped: neither used nor voided'
			FROM counters c CROSS JOIN generate_series(1, c.last) AS g(n)
			WHERE split_part(c.series, '/', 1) IN ('application', 'incoming', 'licence', 'outgoing', 'order', 'non-submission')
				AND NOT EXISTS (SELECT FROM taken t WHERE t.series = c.series AND t.year = c.year AND t.n = g.n) ORDER BY 1`,
		taken+`SELECT record, 'its number was never counted in ' || series || ' ' || year
			FROM taken t WHERE NOT EXISTS (SELECT FROM counters c WHERE c.series = t.series AND c.year = t.year AND c.last >= t.n) ORDER BY 1`,
		`SELECT number, 'does not say authority, year and number of its application'
			FROM applications WHERE number <> authority_code || '-' || number_year || '-' || lpad(number_seq::text, 6, '0') ORDER BY 1`,
		`SELECT n.number, 'is held by an application that is ' || a.state
			FROM licence_numbers n JOIN applications a ON a.id = n.application_id
			WHERE n.voided_at IS NULL AND a.state IN ('draft', 'awaiting_payment', 'filed', 'registered', 'refused') ORDER BY 1`,
		`SELECT 'order ' || n.authority_code || '/' || n.year || '/' || n.number, 'is held by an application that is ' || a.state
			FROM order_numbers n JOIN applications a ON a.id = n.application_id
			WHERE n.voided_at IS NULL AND a.state NOT IN ('assigned', 'in_review', 'licence_prepared', 'issued') ORDER BY 1`,
		`SELECT n.number, 'is voided without a reason' FROM licence_numbers n WHERE n.voided_at IS NOT NULL AND coalesce(n.void_reason, '') = '' ORDER BY 1`,
		`SELECT n.number, 'is voided, and a licence has it' FROM licence_numbers n JOIN licences l ON l.number = n.number WHERE n.voided_at IS NOT NULL ORDER BY 1`,
	)
}

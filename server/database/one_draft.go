package database

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// oneDraftMigration makes the draft the organisation's: before it each of its people could have one, and its unique index would refuse a
// database where two do.
const oneDraftMigration int64 = 5

// mergeDrafts does what that migration needs first. Of several drafts of one organisation the one that was saved last stays; the others are
// discarded as their owner would discard them: the journal tells so and names the one that stayed, the outbox removes their scans. Drafts
// only: nothing that was signed and waits for payment, nothing filed. On any other schema it does nothing.
func mergeDrafts(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return fmt.Errorf("lift the statement limit: %w", err)
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return fmt.Errorf("wait for another copy's migration: %w", err)
		}
		schema, err := readSchema(ctx, tx)
		if err != nil || schema.has[oneDraftMigration] || !schema.has[oneDraftMigration-1] {
			return err
		}
		return discardOlderDrafts(ctx, tx, logger)
	})
}

type olderDraft struct {
	ID, Kept        string
	SavedAt, KeptAt time.Time
}

func discardOlderDrafts(ctx context.Context, tx pgx.Tx, logger *slog.Logger) error {
	// Nobody saves into a draft between the choice and the end of this transaction.
	if _, err := tx.Exec(ctx, "LOCK TABLE applications IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return fmt.Errorf("hold the drafts: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT id::text, kept::text, saved_at, kept_at FROM (
			SELECT id, saved_at, first_value(id) OVER newest AS kept, first_value(saved_at) OVER newest AS kept_at
			FROM applications WHERE state = 'draft'
			WINDOW newest AS (PARTITION BY CASE WHEN applicant_bin <> '' THEN applicant_bin ELSE applicant_iin END, applicant_kind, service_code, kind
				ORDER BY saved_at DESC, id DESC)) drafts
		WHERE id <> kept ORDER BY id`)
	if err != nil {
		return fmt.Errorf("look for several drafts of one organisation: %w", err)
	}
	older, err := pgx.CollectRows(rows, pgx.RowToStructByPos[olderDraft])
	if err != nil {
		return fmt.Errorf("look for several drafts of one organisation: %w", err)
	}
	for _, draft := range older {
		if err := discardDraft(ctx, tx, draft); err != nil {
			return fmt.Errorf("discard the older draft %s: %w", draft.ID, err)
		}
		logger.WarnContext(ctx, "an older draft of the same organisation was discarded", "draft", draft.ID, "saved_at", draft.SavedAt, "kept", draft.Kept, "kept_saved_at", draft.KeptAt)
	}
	return nil
}

func discardDraft(ctx context.Context, tx pgx.Tx, draft olderDraft) error {
	rows, err := tx.Query(ctx, "SELECT id::text FROM attachments WHERE application_id = $1 UNION ALL SELECT id::text FROM uploads WHERE application_id = $1", draft.ID)
	if err != nil {
		return err
	}
	scans, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(scans) > 0 {
		payload, err := json.Marshal(map[string][]string{"scans": scans}) // as server/application reads it
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO outbox (kind, payload, created_at, next_attempt_at) VALUES ('remove_scans', $1, clock_timestamp(), clock_timestamp())`, payload); err != nil {
			return err
		}
	}
	details, err := json.Marshal(map[string]string{"reason": "one_draft_per_organisation", "kept": draft.Kept})
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM signatures WHERE application_id = $1 AND set_aside_at IS NOT NULL",
		"DELETE FROM applications WHERE id = $1 AND state = 'draft'",
	} {
		if _, err := tx.Exec(ctx, statement, draft.ID); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role, details)
		VALUES (clock_timestamp(), $1, 'discard', 'draft', 'gone', 'system', $2)`, draft.ID, details)
	return err
}

-- When an account is to be looked through for what was left in it, and what the last look found.
ALTER TABLE account ADD COLUMN reconcile_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN reconciliation jsonb;
-- Whose turn it is.
CREATE INDEX account_reconcile_at_idx ON account (reconcile_at) WHERE removed_at IS NULL;
CREATE INDEX deployment_account_id_idx ON deployment (account_id);

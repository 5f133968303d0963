-- Plans and accounts are hidden when they are removed: the deployments of the past still name them.
ALTER TABLE plan ADD COLUMN deleted_at timestamptz;
ALTER TABLE account ADD COLUMN removed_at timestamptz;
ALTER TABLE account DROP CONSTRAINT account_owner_aws_account_id_key;
-- A removed account can be linked again.
CREATE UNIQUE INDEX account_owner_aws_account_id_key ON account (owner, aws_account_id) WHERE removed_at IS NULL;

ALTER TABLE strand ADD COLUMN cancel_requested boolean NOT NULL DEFAULT false;

-- Answers to POSTs that carry an Idempotency-Key, for 24 hours. The key itself is not here, and the answer can only be read by
-- who has it.
CREATE TABLE idempotency (
    id          text        NOT NULL CONSTRAINT idempotency_pkey PRIMARY KEY,
    fingerprint text        NOT NULL,
    answer      bytea,
    created_at  timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idempotency_created_at_idx ON idempotency (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO cloudsail;

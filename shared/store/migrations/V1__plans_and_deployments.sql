-- Text plus CHECK, never an enum: reading an enum's definition would pin an RDS Proxy connection.
-- Every constraint has a name, since errors are mapped by name.

CREATE TABLE account (
    id             text        NOT NULL CONSTRAINT account_pkey PRIMARY KEY,
    owner          text        NOT NULL,
    name           text        NOT NULL,
    aws_account_id text        NOT NULL CONSTRAINT account_aws_account_id_check CHECK (aws_account_id ~ '^[0-9]{12}$'),
    region         text        NOT NULL,
    external_id    text        NOT NULL,
    role_arn       text        NOT NULL,
    status         text        NOT NULL DEFAULT 'pending'
                               CONSTRAINT account_status_check CHECK (status IN ('pending', 'verified', 'failed')),
    reason         text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    verified_at    timestamptz,
    used_at        timestamptz,
    CONSTRAINT account_owner_aws_account_id_key UNIQUE (owner, aws_account_id)
);

CREATE TABLE plan (
    id         text        NOT NULL CONSTRAINT plan_pkey PRIMARY KEY,
    owner      text        NOT NULL,
    document   jsonb       NOT NULL,
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX plan_owner_id_idx ON plan (owner, id);

CREATE TABLE deployment (
    id            text        NOT NULL CONSTRAINT deployment_pkey PRIMARY KEY,
    plan_id       text        NOT NULL CONSTRAINT deployment_plan_id_fkey REFERENCES plan (id),
    owner         text        NOT NULL,
    account_id    text        NOT NULL CONSTRAINT deployment_account_id_fkey REFERENCES account (id),
    status        text        NOT NULL
                              CONSTRAINT deployment_status_check CHECK (status IN ('not_deployed', 'stopped', 'deploying', 'changing',
                                                                                   'cancelling', 'destroying', 'running', 'issue')),
    reason        text,
    plan_version  bigint      NOT NULL,
    plan          jsonb       NOT NULL,
    configuration jsonb       NOT NULL DEFAULT '[]',
    connection    jsonb,
    retained      jsonb       NOT NULL DEFAULT '[]',
    steps         jsonb       NOT NULL DEFAULT '[]',
    last_ok_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    destroyed_at  timestamptz
);
CREATE INDEX deployment_owner_id_idx ON deployment (owner, id);
-- Two deploys of a plan at once make one deployment.
CREATE UNIQUE INDEX deployment_one_live_per_plan ON deployment (plan_id) WHERE destroyed_at IS NULL;

CREATE TABLE strand (
    id                text        NOT NULL CONSTRAINT strand_pkey PRIMARY KEY,
    deployment_id     text        NOT NULL CONSTRAINT strand_deployment_id_fkey REFERENCES deployment (id)
                                  CONSTRAINT strand_deployment_id_key UNIQUE,
    program           text        NOT NULL,
    label             text        NOT NULL,
    stack             jsonb       NOT NULL DEFAULT '{}',
    lease_token       text,
    lease_until       timestamptz,
    attempts          integer     NOT NULL DEFAULT 0,
    wake_at           timestamptz NOT NULL DEFAULT now(),
    label_since       timestamptz NOT NULL DEFAULT now(),
    destroy_requested boolean     NOT NULL DEFAULT false,
    exited_at         timestamptz
);
CREATE INDEX strand_wake_at_idx ON strand (wake_at) WHERE exited_at IS NULL;

CREATE TABLE outbox (
    id         bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pkey PRIMARY KEY,
    queue      text        NOT NULL,
    body       text        NOT NULL,
    delay_s    integer     NOT NULL DEFAULT 0 CONSTRAINT outbox_delay_s_check CHECK (delay_s BETWEEN 0 AND 900),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE resource (
    id             text        NOT NULL CONSTRAINT resource_pkey PRIMARY KEY,
    deployment_id  text        NOT NULL CONSTRAINT resource_deployment_id_fkey REFERENCES deployment (id),
    kind           text        NOT NULL,
    name           text        NOT NULL,
    client_token   text        NOT NULL,
    external_id    text,
    state          text        NOT NULL CONSTRAINT resource_state_check CHECK (state IN ('planned', 'present', 'retained', 'gone')),
    retained_until date,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT resource_deployment_id_kind_name_key UNIQUE (deployment_id, kind, name)
);

CREATE TABLE event (
    id            text        NOT NULL CONSTRAINT event_pkey PRIMARY KEY,
    deployment_id text        NOT NULL CONSTRAINT event_deployment_id_fkey REFERENCES deployment (id),
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind          text        NOT NULL CONSTRAINT event_kind_check CHECK (kind IN ('step', 'info', 'issue')),
    step          text,
    message       text        NOT NULL
);
CREATE INDEX event_deployment_id_id_idx ON event (deployment_id, id);

CREATE TABLE audit (
    id         bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_pkey PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text        NOT NULL,
    action     text        NOT NULL,
    subject    text        NOT NULL,
    request_id text        NOT NULL
);

-- The functions may change rows and nothing else; the schema belongs to the role that migrates.
GRANT SELECT, INSERT, UPDATE, DELETE ON account, plan, deployment, strand, outbox, resource, event TO cloudsail;
-- Nobody rewrites the audit log through the API.
GRANT INSERT ON audit TO cloudsail;

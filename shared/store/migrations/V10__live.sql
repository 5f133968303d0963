-- What each owner sees is numbered: a page that missed a number asks for what has changed since.
CREATE TABLE change_count (
    owner text   NOT NULL CONSTRAINT change_count_pkey PRIMARY KEY,
    value bigint NOT NULL
);
ALTER TABLE plan ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN sequence bigint NOT NULL DEFAULT 0, ADD COLUMN told_at timestamptz;
CREATE INDEX plan_owner_sequence_idx ON plan (owner, sequence);
CREATE INDEX deployment_owner_sequence_idx ON deployment (owner, sequence);

-- By triggers, since no statement may forget it. The owner's row is locked until the commit, so that numbers are seen in their order;
-- what a statement locks besides, such as the account, it locks later.
CREATE FUNCTION take_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_count AS c (owner, value) VALUES (NEW.owner, 1)
        ON CONFLICT (owner) DO UPDATE SET value = c.value + 1 RETURNING value INTO NEW.sequence;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_changes BEFORE INSERT OR UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION take_number();
CREATE TRIGGER deployment_begins BEFORE INSERT ON deployment FOR EACH ROW EXECUTE FUNCTION take_number();
-- Not by last_ok_at: that it still answers is no news.
CREATE TRIGGER deployment_changes BEFORE UPDATE ON deployment FOR EACH ROW
    WHEN ((OLD.status, OLD.reason, OLD.steps, OLD.plan_version, OLD.target, OLD.configuration, OLD.connection, OLD.destroy_at, OLD.destroyed_at, OLD.told_at)
        IS DISTINCT FROM
        (NEW.status, NEW.reason, NEW.steps, NEW.plan_version, NEW.target, NEW.configuration, NEW.connection, NEW.destroy_at, NEW.destroyed_at, NEW.told_at))
    EXECUTE FUNCTION take_number();

-- What opens a WebSocket once; of the ticket itself only a hash is kept.
CREATE TABLE ticket (
    digest     text        NOT NULL CONSTRAINT ticket_pkey PRIMARY KEY,
    owner      text        NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ticket_expires_at_idx ON ticket (expires_at);

-- The pages that are open.
CREATE TABLE socket (
    id           text        NOT NULL CONSTRAINT socket_pkey PRIMARY KEY,
    owner        text        NOT NULL,
    subscribed   boolean     NOT NULL DEFAULT false,
    connected_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX socket_owner_idx ON socket (owner);
CREATE INDEX socket_connected_at_idx ON socket (connected_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON ticket, socket TO cloudsail;
GRANT SELECT, INSERT, UPDATE ON change_count TO cloudsail;

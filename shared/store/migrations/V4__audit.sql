-- Where a deed came from. Lines of functions that don't know it yet have none.
ALTER TABLE audit ADD COLUMN address text;
-- A person's own lines, newest first.
CREATE INDEX audit_actor_id_idx ON audit (actor, id);
-- People may read theirs; nobody rewrites or deletes a line.
GRANT SELECT ON audit TO cloudsail;

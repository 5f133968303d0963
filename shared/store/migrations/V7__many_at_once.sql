-- Calls of an account are paid for until then: a token bucket as one time (the generic cell rate algorithm).
ALTER TABLE account ADD COLUMN calls_until timestamptz NOT NULL DEFAULT now();
-- Set while a strand waits for one of its owner's workers to be free: when its deployment was made, as the older ones come first.
ALTER TABLE strand ADD COLUMN place_in_line timestamptz;
CREATE INDEX strand_place_in_line_idx ON strand (place_in_line) WHERE place_in_line IS NOT NULL;
-- Who has workers now: as many rows as there are workers, whatever else sleeps.
CREATE INDEX strand_lease_until_idx ON strand (lease_until) WHERE lease_until IS NOT NULL;

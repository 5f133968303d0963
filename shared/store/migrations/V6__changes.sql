-- What a running deployment is to become: the plan that was asked for last, and what is being carried out.
ALTER TABLE strand ADD COLUMN wanted_plan jsonb, ADD COLUMN wanted_version bigint;
ALTER TABLE deployment ADD COLUMN target jsonb;

-- Until when a destroy can be undone: the strand's is what counts, the deployment's is what people see. None: it can't be.
ALTER TABLE strand ADD COLUMN destroy_at timestamptz;
ALTER TABLE deployment ADD COLUMN destroy_at timestamptz;

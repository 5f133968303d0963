-- The role that only reads. Empty until verifying found that it works: an account that was linked before there was one keeps its
-- one role until then.
ALTER TABLE account ADD COLUMN monitor_role_arn text;

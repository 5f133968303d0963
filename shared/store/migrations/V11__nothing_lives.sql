-- A plan that is deleted and an account that is unlinked have no deployment that lives, also where both are asked for at once: each side
-- locks the row and looks after it has the lock, which a part of one statement can't, as it sees what was there when the statement began.

CREATE FUNCTION still_there() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM FROM plan WHERE id = NEW.plan_id AND deleted_at IS NULL FOR NO KEY UPDATE;
    IF FOUND THEN
        PERFORM FROM account WHERE id = NEW.account_id AND removed_at IS NULL FOR NO KEY UPDATE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'its plan or account is gone' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'still_there';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deployment_has_its_place BEFORE INSERT ON deployment FOR EACH ROW EXECUTE FUNCTION still_there();

CREATE FUNCTION nothing_lives() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM deployment WHERE destroyed_at IS NULL
        AND CASE TG_TABLE_NAME WHEN 'plan' THEN plan_id = NEW.id ELSE account_id = NEW.id END) THEN
        RAISE EXCEPTION 'a deployment of it lives' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'nothing_lives';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_goes BEFORE UPDATE ON plan FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION nothing_lives();
CREATE TRIGGER account_goes BEFORE UPDATE ON account FOR EACH ROW
    WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL) EXECUTE FUNCTION nothing_lives();

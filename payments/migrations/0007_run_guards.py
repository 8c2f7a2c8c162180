"""What the database refuses in the steps of a run (C-35, C-37): skipped, untraced, unfinished."""

from django.db import migrations

GUARD_STEPS = """
CREATE FUNCTION payments_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    traced varchar[] := CASE WHEN TG_OP = 'DELETE' THEN '{cancelled,replaced}'
                             WHEN OLD.status = 'checked' AND NEW.status = 'draft' THEN '{returned}'
                             END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('computing', 'draft'), ('draft', 'checked'), ('checked', 'draft'), ('checked', 'approved')
    ) THEN
        RAISE EXCEPTION 'A run does not go from % to %.', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.status, NEW.status) = ('computing', 'draft')
       AND EXISTS (SELECT FROM payments_runchunk WHERE run_id = NEW.id AND done_at IS NULL) THEN
        RAISE EXCEPTION 'The run of % is not finished before its parts are.',
            to_char(NEW.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF traced IS NOT NULL AND NOT EXISTS (
        SELECT FROM payments_runstep
        WHERE run_id = OLD.id AND deed = ANY (traced) AND at >= transaction_timestamp()
    ) THEN
        RAISE EXCEPTION 'What is taken back of the run of % leaves a step that says so.',
            to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard_step BEFORE UPDATE OR DELETE ON payments_run
    FOR EACH ROW EXECUTE FUNCTION payments_guard_step();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_runstep
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""

DROP = """
DROP TRIGGER keep_log ON payments_runstep;
DROP TRIGGER guard_step ON payments_run;
DROP FUNCTION payments_guard_step;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_run_steps_and_leases"),
        ("registry", "0004_audit_guards"),
    ]
    operations = [migrations.RunSQL(GUARD_STEPS, DROP)]

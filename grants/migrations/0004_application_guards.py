"""An application goes from state to state by its steps alone, and stands as it was sent (G, P-01)."""

from django.db import migrations

# As `grants.applications.states.STEPS`.
GUARD_STEP = """
CREATE FUNCTION grants_guard_application_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM grants_application WHERE id = NEW.application_id FOR UPDATE;
    IF (NEW.deed, state, NEW.status) NOT IN (
        ('created', 'draft', 'draft'),
        ('sent', 'draft', 'submitted'),
        ('taken', 'submitted', 'in_check'),
        ('taken', 'in_check', 'in_check'),
        ('asked', 'in_check', 'completion_requested'),
        ('extended', 'completion_requested', 'completion_requested'),
        ('answered', 'completion_requested', 'in_check'),
        ('resumed', 'completion_requested', 'in_check'),
        ('proposed', 'in_check', 'proposed'),
        ('returned', 'proposed', 'in_check'),
        ('decided', 'proposed', 'decided'),
        ('served', 'decided', 'served'),
        ('paid', 'decided', 'paid'),
        ('paid', 'served', 'paid'),
        ('paid', 'paid', 'paid'),
        ('served', 'paid', 'paid'),
        ('withdrawn', 'draft', 'withdrawn'),
        ('withdrawn', 'submitted', 'withdrawn'),
        ('withdrawn', 'in_check', 'withdrawn'),
        ('withdrawn', 'completion_requested', 'withdrawn'),
        ('withdrawn', 'proposed', 'withdrawn'),
        ('replaced', 'submitted', 'replaced'),
        ('replaced', 'in_check', 'replaced'),
        ('replaced', 'completion_requested', 'replaced'),
        ('closed', 'decided', 'closed'),
        ('closed', 'served', 'closed'),
        ('closed', 'paid', 'closed'),
        ('archived', 'closed', 'archived')
    ) AND NOT (
        NEW.deed IN ('held', 'contested', 'corrected', 'recovered') AND NEW.status = state
        AND state IN ('decided', 'served', 'paid')
    ) THEN
        RAISE EXCEPTION 'An application that is % is not % to become %.',
            state, NEW.deed, NEW.status USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_step BEFORE INSERT ON grants_applicationstep
    FOR EACH ROW EXECUTE FUNCTION grants_guard_application_step();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_applicationstep
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
CREATE FUNCTION grants_application_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM grants_application WHERE id = NEW.application_id) IS DISTINCT FROM
       (SELECT status FROM grants_applicationstep WHERE application_id = NEW.application_id
        ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'The application % is not where its last step led.', NEW.application_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER application_follows AFTER INSERT ON grants_applicationstep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_application_follows();
"""

GUARD_APPLICATION = """
CREATE FUNCTION grants_guard_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What the applicant says, and what may change besides.
    said text[] := '{contact_name,contact_email,contact_phone,language,has_agreement,'
                   'committed_persons,is_correct,version}';
    sending text[] := '{year,serial,submitted_at,submitted_by_id,is_late,content_hash}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Applications are withdrawn, not deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'An application begins as a draft.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT support INTO NEW.support FROM grants_round WHERE id = NEW.round_id;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND NEW.status IS DISTINCT FROM (
        SELECT status FROM grants_applicationstep WHERE application_id = NEW.id
        ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'An application becomes % by a step that says so.', NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.round_id, NEW.support, NEW.applicant_id, NEW.replaces_id, NEW.created_at,
        NEW.created_by_id) IS DISTINCT FROM
       (OLD.round_id, OLD.support, OLD.applicant_id, OLD.replaces_id, OLD.created_at,
        OLD.created_by_id)
       OR (OLD.status NOT IN ('draft', 'completion_requested') AND EXISTS (
        SELECT FROM unnest(said) AS name
        WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name))
       OR (OLD.status <> 'draft' AND EXISTS (
        SELECT FROM unnest(sending) AS name
        WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name)) THEN
        RAISE EXCEPTION 'An application stands as it was sent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_application BEFORE INSERT OR UPDATE OR DELETE ON grants_application
    FOR EACH ROW EXECUTE FUNCTION grants_guard_application();
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON grants_application
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'grants.application', 'applicant_id', 'created_by_id', 'prepared',
        'submitted_by_id', 'prepared');
"""

DROP = """
DROP TRIGGER take_hands ON grants_application;
DROP TRIGGER guard_application ON grants_application;
DROP FUNCTION grants_guard_application;
DROP TRIGGER application_follows ON grants_applicationstep;
DROP FUNCTION grants_application_follows;
DROP TRIGGER keep_log ON grants_applicationstep;
DROP TRIGGER guard_step ON grants_applicationstep;
DROP FUNCTION grants_guard_application_step;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0003_applications"),
        ("registry", "0006_access_guards"),
    ]
    operations = [migrations.RunSQL(GUARD_STEP + GUARD_APPLICATION, DROP)]

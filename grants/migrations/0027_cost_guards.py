"""Claims of costs: step by step, within what is left of the ceiling; what was sent stands (P-01, P-06)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

# As `grants.costs.states.STEPS`. The application is locked first, as services do.
STEPS = f"""
CREATE FUNCTION grants_guard_cost_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM grants_costclaim WHERE id = NEW.claim_id FOR UPDATE;
    IF (NEW.deed, state, NEW.status) NOT IN (
        ('created', 'draft', 'draft'),
        ('sent', 'draft', 'sent'),
        ('asked', 'sent', 'asked'),
        ('answered', 'asked', 'sent'),
        ('resumed', 'asked', 'sent'),
        ('proposed', 'sent', 'proposed'),
        ('returned', 'proposed', 'sent'),
        ('accepted', 'proposed', 'accepted'),
        ('refused', 'proposed', 'refused'),
        ('paid', 'accepted', 'paid'),
        ('held', 'accepted', 'accepted'),
        ('held', 'paid', 'accepted'),
        ('withdrawn', 'draft', 'withdrawn'),
        ('withdrawn', 'sent', 'withdrawn'),
        ('withdrawn', 'asked', 'withdrawn'),
        ('withdrawn', 'proposed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'A claim of costs that is % is not % to become %.',
            state, NEW.deed, NEW.status {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_step BEFORE INSERT ON grants_coststep
    FOR EACH ROW EXECUTE FUNCTION grants_guard_cost_step();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_coststep
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
CREATE FUNCTION grants_cost_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM grants_costclaim WHERE id = NEW.claim_id) IS DISTINCT FROM
       (SELECT status FROM grants_coststep WHERE claim_id = NEW.claim_id
        ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'The claim of costs % is not where its last step led.', NEW.claim_id {ERROR};
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cost_follows AFTER INSERT ON grants_coststep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_cost_follows();
"""

# The case is the application: whoever had a part in a claim had it in the whole of it (P-01).
HANDS = """
CREATE FUNCTION grants_cost_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_list_hand(c.application_id, NEW.by_id,
        CASE WHEN NEW.deed = 'proposed' THEN 'proposed'
             WHEN NEW.deed IN ('accepted', 'refused') THEN 'approved'
             ELSE 'prepared' END)
    FROM grants_costclaim c WHERE c.id = NEW.claim_id;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT ON grants_coststep
    FOR EACH ROW
    WHEN (NEW.by_id IS NOT NULL AND NEW.deed NOT IN ('returned', 'withdrawn'))
    EXECUTE FUNCTION grants_cost_hands();
"""

CLAIMS = f"""
CREATE FUNCTION grants_granted(application bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(difference_cents), 0)::bigint FROM grants_supportproposal
    WHERE application_id = application AND status = 'decided'
$$;
CREATE FUNCTION grants_claimed(application bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(CASE WHEN status IN ('accepted', 'paid') THEN accepted_cents
                             ELSE amount_cents END), 0)::bigint
    FROM grants_costclaim
    WHERE application_id = application
      AND status IN ('sent', 'asked', 'proposed', 'accepted', 'paid')
$$;

CREATE FUNCTION grants_guard_cost() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[] := '{{period_from,period_to,amount_cents,description}}';
    decided text[] := '{{accepted_cents,reason,proposed_by_id,decision_id}}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Claims of costs are withdrawn, not deleted.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'A claim of costs begins as a draft.' {ERROR};
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND NEW.status IS DISTINCT FROM (
        SELECT status FROM grants_coststep WHERE claim_id = NEW.id ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'A claim of costs becomes % by a step that says so.', NEW.status {ERROR};
    END IF;
    IF (NEW.application_id, NEW.contests_id) IS DISTINCT FROM (OLD.application_id, OLD.contests_id)
       OR (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number)
       OR (OLD.status NOT IN ('draft', 'asked') AND EXISTS (
        SELECT FROM unnest(said) AS name
        WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name))
       OR (OLD.decision_id IS NOT NULL AND EXISTS (
        SELECT FROM unnest(decided) AS name
        WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name)) THEN
        RAISE EXCEPTION 'A claim of costs stands as it was sent and decided.' {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_cost BEFORE INSERT OR UPDATE OR DELETE ON grants_costclaim
    FOR EACH ROW EXECUTE FUNCTION grants_guard_cost();

-- What a claim may be: of a granted salary grant, with vouchers, of what is left of the ceiling.
CREATE FUNCTION grants_guard_ceiling_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM grants_application
    WHERE id = NEW.application_id AND support = 'palkka' FOR UPDATE;
    IF state IS NULL OR (NEW.status = 'sent' AND state NOT IN ('decided', 'served', 'paid')) THEN
        RAISE EXCEPTION 'Costs are claimed of a salary grant in force.' {ERROR};
    END IF;
    IF NEW.status = 'sent' AND NEW.contests_id IS NULL AND NOT EXISTS (
        SELECT FROM grants_costattachment WHERE claim_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A claim of costs has a voucher.' {ERROR};
    END IF;
    IF NEW.contests_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM grants_costclaim c
        WHERE c.id = NEW.contests_id AND c.application_id = NEW.application_id
          AND c.decision_id IS NOT NULL AND NEW.amount_cents <= c.amount_cents - c.accepted_cents
    ) THEN
        RAISE EXCEPTION 'Rectification is claimed of what was cut of a claim.' {ERROR};
    END IF;
    IF NEW.status IN ('sent', 'asked', 'proposed', 'accepted', 'paid')
       AND grants_claimed(NEW.application_id) > grants_granted(NEW.application_id) THEN
        RAISE EXCEPTION 'Claims of costs are at most what is left of the grant.' {ERROR};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard_ceiling_left AFTER INSERT OR UPDATE ON grants_costclaim
    FOR EACH ROW EXECUTE FUNCTION grants_guard_ceiling_left();

CREATE FUNCTION grants_guard_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.is_sent OR (OLD.claim_id, OLD.file_id) <> (NEW.claim_id, NEW.file_id))
       OR TG_OP = 'DELETE' AND OLD.is_sent
       OR NOT EXISTS (
        SELECT FROM grants_costclaim
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.claim_id ELSE NEW.claim_id END
          AND status IN ('draft', 'asked')) THEN
        RAISE EXCEPTION 'A voucher that was sent stays.' {ERROR};
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard_attachment BEFORE INSERT OR UPDATE OR DELETE ON grants_costattachment
    FOR EACH ROW EXECUTE FUNCTION grants_guard_attachment();
"""

# Closing releases what was not paid; then nothing waits. A closed grant may yet be recovered.
CLOSING = f"""
CREATE FUNCTION grants_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grants_costclaim WHERE application_id = NEW.application_id
               AND status IN ('sent', 'asked', 'proposed', 'accepted')) THEN
        RAISE EXCEPTION 'A claim of costs waits to be decided or paid.' {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_closing BEFORE INSERT ON grants_applicationstep
    FOR EACH ROW WHEN (NEW.deed = 'closed') EXECUTE FUNCTION grants_guard_closing();
CREATE OR REPLACE FUNCTION grants_committed(frame bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(
        CASE WHEN a.support = 'palkka' AND a.status IN ('closed', 'archived')
             THEN grants_claimed(a.id) ELSE grants_granted(a.id) END), 0)::bigint
    FROM grants_application a JOIN grants_round g ON g.id = a.round_id
    WHERE g.frame_id = grants_committed.frame
$$;
DO $do$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('grants_guard_application_step'::regproc),
        $$('archived', 'closed', 'archived')$$,
        $$('recovered', 'closed', 'closed'),
        ('archived', 'closed', 'archived')$$);
END $do$;
"""

DROP = """
DO $do$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('grants_guard_application_step'::regproc),
        $$('recovered', 'closed', 'closed'),
        ('archived', 'closed', 'archived')$$,
        $$('archived', 'closed', 'archived')$$);
END $do$;
CREATE OR REPLACE FUNCTION grants_committed(frame bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(p.difference_cents), 0)::bigint
    FROM grants_supportproposal p
    JOIN grants_application a ON a.id = p.application_id
    JOIN grants_round g ON g.id = a.round_id
    WHERE p.status = 'decided' AND g.frame_id = grants_committed.frame
$$;
DROP TRIGGER guard_closing ON grants_applicationstep;
DROP FUNCTION grants_guard_closing;
DROP TRIGGER guard_attachment ON grants_costattachment;
DROP FUNCTION grants_guard_attachment;
DROP TRIGGER guard_ceiling_left ON grants_costclaim;
DROP FUNCTION grants_guard_ceiling_left;
DROP TRIGGER guard_cost ON grants_costclaim;
DROP FUNCTION grants_guard_cost;
DROP FUNCTION grants_claimed;
DROP FUNCTION grants_granted;
DROP TRIGGER take_hands ON grants_coststep;
DROP FUNCTION grants_cost_hands;
DROP TRIGGER cost_follows ON grants_coststep;
DROP FUNCTION grants_cost_follows;
DROP TRIGGER keep_log ON grants_coststep;
DROP TRIGGER guard_step ON grants_coststep;
DROP FUNCTION grants_guard_cost_step;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0026_claims_of_costs")]
    operations = [migrations.RunSQL(STEPS + HANDS + CLAIMS + CLOSING, DROP)]

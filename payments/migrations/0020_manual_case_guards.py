"""Two people decide on manual cases, and what they decided stands (C-39, P-01, P-08)."""

from django.db import migrations

ASSESSMENTS = """
ALTER TABLE payments_assessment
    ADD COLUMN manual_residence_id bigint, ADD COLUMN clock_manual_residence_id bigint;
"""
WITHOUT = """
ALTER TABLE payments_assessment
    DROP COLUMN manual_residence_id, DROP COLUMN clock_manual_residence_id;
"""

HANDS = """
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_manualproposal
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.manualproposal', 'payee_id', 'applied_by_id', 'prepared',
        'proposed_by_id', 'proposed', 'decided_by_id', 'approved');
"""

KEEP_PROPOSAL = """
CREATE FUNCTION payments_keep_manual_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status IN ('decided', 'withdrawn')
       OR (OLD.payee_id, OLD.applied_by_id, OLD.applied_on)
          IS DISTINCT FROM (NEW.payee_id, NEW.applied_by_id, NEW.applied_on) THEN
        RAISE EXCEPTION 'The proposal % is kept as it was sent and decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'decided' AND OLD.status <> 'proposed' THEN
        RAISE EXCEPTION 'The proposal % is proposed before it is decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'decided' AND EXISTS (
        SELECT FROM payments_manualresidence r
        JOIN payments_manualcase c ON c.id = r.case_id
        WHERE c.proposal_id = NEW.id AND r.allocated_by_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'Whoever allocated had a part in it and does not decide (P-01).'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_proposal BEFORE UPDATE OR DELETE ON payments_manualproposal
    FOR EACH ROW EXECUTE FUNCTION payments_keep_manual_proposal();
"""

# Of a case that is closed, decided or withdrawn nothing changes; no case is ever deleted.
KEEP_CASE = """
CREATE FUNCTION payments_keep_manual_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_as <> '' OR EXISTS (
        SELECT FROM payments_manualproposal
        WHERE id = OLD.proposal_id AND status IN ('decided', 'withdrawn')
    ) OR (OLD.proposal_id IS NOT NULL AND NEW.proposal_id IS DISTINCT FROM OLD.proposal_id) THEN
        RAISE EXCEPTION 'The manual case % is kept as it was opened and decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_case BEFORE UPDATE OR DELETE ON payments_manualcase
    FOR EACH ROW EXECUTE FUNCTION payments_keep_manual_case();
"""

# Allocations and months are the reviewer's until they are proposed. Then the one that is decided
# is taken into force, replaced by another, known by a run; the other is settled by a run.
KEEP_ROWS = """
CREATE FUNCTION payments_keep_manual_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marks text[] := '{is_standing,opened_by_id,closed_by_id,settled_by_id}';
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    case_status varchar;
    of_case payments_manualcase;
BEGIN
    SELECT c.* INTO of_case FROM payments_manualcase c
    WHERE c.id = (coalesce(is_now, was) ->> 'case_id')::bigint;
    SELECT status INTO case_status FROM payments_manualproposal WHERE id = of_case.proposal_id;
    IF TG_OP = 'INSERT' THEN
        IF coalesce(case_status, 'open') <> 'open' OR of_case.closed_as <> ''
           OR of_case.person_id IS DISTINCT FROM NEW.person_id THEN
            RAISE EXCEPTION 'The manual case % takes no more rows.', of_case.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF coalesce(case_status, 'open') = 'open' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' OR was - marks <> is_now - marks
       OR (case_status IS DISTINCT FROM 'decided' AND was <> is_now)
       OR (was ->> 'is_standing' = 'false' AND is_now ->> 'is_standing' = 'true'
           AND was ->> 'opened_by_id' IS NOT NULL)
       OR EXISTS (
           SELECT FROM payments_run WHERE status = 'approved' AND (
               id = (was ->> 'opened_by_id')::bigint
               AND was -> 'opened_by_id' <> is_now -> 'opened_by_id'
            OR id = (was ->> 'closed_by_id')::bigint
               AND was -> 'closed_by_id' <> is_now -> 'closed_by_id'
            OR id = (was ->> 'settled_by_id')::bigint
               AND was -> 'settled_by_id' <> is_now -> 'settled_by_id')
       ) THEN
        RAISE EXCEPTION 'A row of the manual case % is kept as it was proposed and decided.',
            of_case.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_row BEFORE INSERT OR UPDATE OR DELETE ON payments_manualresidence
    FOR EACH ROW EXECUTE FUNCTION payments_keep_manual_row();
CREATE TRIGGER keep_row BEFORE INSERT OR UPDATE OR DELETE ON payments_manualmonth
    FOR EACH ROW EXECUTE FUNCTION payments_keep_manual_row();
"""

# P-09: a month is granted on an application that came by the end of the second year after it.
IN_TIME = """
CREATE FUNCTION payments_manual_month_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verdict = 'granted' AND EXISTS (
        SELECT FROM payments_manualcase c JOIN payments_manualproposal p ON p.id = c.proposal_id
        WHERE c.id = NEW.case_id
          AND extract(year FROM p.applied_on) > extract(year FROM NEW.benefit_month) + 2
    ) THEN
        RAISE EXCEPTION 'The month % could be applied for until the end of the second year '
            'after it.', to_char(NEW.benefit_month, 'YYYY-MM')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER month_in_time BEFORE INSERT OR UPDATE ON payments_manualmonth
    FOR EACH ROW EXECUTE FUNCTION payments_manual_month_in_time();
"""

DROP = """
DROP TRIGGER month_in_time ON payments_manualmonth;
DROP FUNCTION payments_manual_month_in_time;
DROP TRIGGER keep_row ON payments_manualmonth;
DROP TRIGGER keep_row ON payments_manualresidence;
DROP FUNCTION payments_keep_manual_row;
DROP TRIGGER keep_case ON payments_manualcase;
DROP FUNCTION payments_keep_manual_case;
DROP TRIGGER keep_proposal ON payments_manualproposal;
DROP FUNCTION payments_keep_manual_proposal;
DROP TRIGGER take_hands ON payments_manualproposal;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_manual_cases"), ("registry", "0006_access_guards")]
    operations = [
        migrations.RunSQL(ASSESSMENTS, WITHOUT),
        migrations.RunSQL(HANDS + KEEP_PROPOSAL + KEEP_CASE + KEEP_ROWS + IN_TIME, DROP),
    ]

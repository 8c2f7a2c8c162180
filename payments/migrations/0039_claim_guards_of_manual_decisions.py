"""A claim for rectification is about a decision that was served, and stands as it was filed (P-04)."""

from django.db import migrations

GUARD = """
CREATE FUNCTION payments_guard_manual_rectification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'The rectification claim % is kept.', OLD.proposal_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM payments_manualdecision m
        JOIN registry_decision d ON d.id = m.decision_id
        JOIN payments_manualproposal was ON was.id = m.proposal_id
        JOIN payments_manualproposal p ON p.id = NEW.proposal_id
        WHERE m.decision_id = NEW.contested_id AND d.remedy = 'rectification'
          AND d.remedy_until = NEW.last_day
          AND was.status = 'decided' AND p.id <> was.id
          AND (p.payee_id, p.applied_on) = (was.payee_id, was.applied_on)
    ) THEN
        RAISE EXCEPTION 'Rectification is claimed of a decision that was served and offers it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        to_jsonb(OLD) - 'ruling' <> to_jsonb(NEW) - 'ruling'
        OR NOT EXISTS (
            SELECT FROM payments_manualproposal WHERE id = NEW.proposal_id AND status = 'open')
    ) THEN
        RAISE EXCEPTION 'The rectification claim % is kept as it was filed and proposed.',
            OLD.proposal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_rectification BEFORE INSERT OR UPDATE OR DELETE ON payments_manualrectification
    FOR EACH ROW EXECUTE FUNCTION payments_guard_manual_rectification();
"""
DROP = """
DROP TRIGGER guard_rectification ON payments_manualrectification;
DROP FUNCTION payments_guard_manual_rectification;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0038_rectification_claims_of_manual_decisions")]
    operations = [migrations.RunSQL(GUARD, DROP)]

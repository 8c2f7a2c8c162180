"""Evidence is added and removed while its case is handled, and stands from then on (P-01, P-08)."""

from django.db import migrations

GUARD = """
CREATE FUNCTION payments_guard_case_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one payments_caseevidence := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM payments_manualproposal p
        WHERE p.status <> 'open' AND p.id = coalesce(
            one.proposal_id, (SELECT proposal_id FROM payments_manualcase WHERE id = one.case_id))
    ) OR EXISTS (
        SELECT FROM payments_manualcase WHERE id = one.case_id AND closed_as <> ''
    ) THEN
        RAISE EXCEPTION 'Evidence is kept as it was when its case was proposed or closed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN one;
END $$;
CREATE TRIGGER guard_evidence BEFORE INSERT OR UPDATE OR DELETE ON payments_caseevidence
    FOR EACH ROW EXECUTE FUNCTION payments_guard_case_evidence();

-- Whoever adds evidence for the authority handles the application, and has a hand in its proposal.
CREATE FUNCTION payments_hands_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'payments.manualproposal', p.id, f.uploaded_by_id, 'proposed', p.payee_id
    FROM payments_manualcase c
    JOIN payments_manualproposal p ON p.id = c.proposal_id
    JOIN registry_keptfile f ON f.id = NEW.file_id
    WHERE c.id = NEW.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER hands_of_evidence AFTER INSERT ON payments_caseevidence
    FOR EACH ROW EXECUTE FUNCTION payments_hands_of_evidence();
"""

DROP = """
DROP TRIGGER hands_of_evidence ON payments_caseevidence;
DROP FUNCTION payments_hands_of_evidence;
DROP TRIGGER guard_evidence ON payments_caseevidence;
DROP FUNCTION payments_guard_case_evidence;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0044_evidence_of_manual_cases")]
    operations = [migrations.RunSQL(GUARD, DROP)]

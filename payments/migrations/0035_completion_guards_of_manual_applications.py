"""What was asked and answered of an application for persons stands; who asks does not decide (P-01)."""

from django.db import migrations

GUARD = """
CREATE FUNCTION payments_guard_manual_completion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_proposal payments_manualproposal;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'The completion request % is kept.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO of_proposal FROM payments_manualproposal WHERE id = NEW.proposal_id;
    IF of_proposal.status <> 'open' OR of_proposal.applied_on IS NULL THEN
        RAISE EXCEPTION 'Completions are asked and answered while application % is handled.',
            NEW.proposal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.case_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM payments_manualcase WHERE id = NEW.case_id AND proposal_id = NEW.proposal_id
    ) THEN
        RAISE EXCEPTION 'The completion request is about a person of another application.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (OLD.proposal_id, OLD.case_id, OLD.asked, OLD.asked_by_id, OLD.asked_on)
            IS DISTINCT FROM
        (NEW.proposal_id, NEW.case_id, NEW.asked, NEW.asked_by_id, NEW.asked_on)
        OR OLD.answered_on IS NOT NULL OR OLD.closed_on IS NOT NULL
        OR NEW.answer_by < OLD.answer_by
    ) THEN
        RAISE EXCEPTION 'The completion request % is kept as it was asked and answered.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_completion BEFORE INSERT OR UPDATE OR DELETE ON payments_manualcompletion
    FOR EACH ROW EXECUTE FUNCTION payments_guard_manual_completion();

-- Whoever asks handles the application, and has a hand in its proposal.
CREATE FUNCTION payments_hands_of_manual_completion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'payments.manualproposal', p.id, NEW.asked_by_id, 'proposed', p.payee_id
    FROM payments_manualproposal p WHERE p.id = NEW.proposal_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER hands_of_completion AFTER INSERT ON payments_manualcompletion
    FOR EACH ROW EXECUTE FUNCTION payments_hands_of_manual_completion();
"""
DROP = """
DROP TRIGGER hands_of_completion ON payments_manualcompletion;
DROP FUNCTION payments_hands_of_manual_completion;
DROP TRIGGER guard_completion ON payments_manualcompletion;
DROP FUNCTION payments_guard_manual_completion;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0034_completions_of_manual_applications"),
        ("registry", "0006_access_guards"),
    ]
    operations = [migrations.RunSQL(GUARD, DROP)]

"""Two people decide on claims, in time, and what they decided stands (C-31, P-01)."""

from django.db import migrations

HANDS = """
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_claimapplication
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.claimapplication', 'applicant_id', 'applied_by_id', 'prepared',
        'proposed_by_id', 'proposed', 'decided_by_id', 'approved');
"""

KEEP_APPLICATION = """
CREATE FUNCTION payments_keep_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status IN ('decided', 'withdrawn') THEN
        RAISE EXCEPTION 'The application % is kept as it was sent and decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'decided' AND OLD.status <> 'proposed' THEN
        RAISE EXCEPTION 'The application % is proposed before it is decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_application BEFORE UPDATE OR DELETE ON payments_claimapplication
    FOR EACH ROW EXECUTE FUNCTION payments_keep_application();
"""

# § 70: a claim comes by the end of the second calendar year after the benefit month's. Decided,
# it is only settled and closed; settled by an approved run, it stands.
KEEP_CLAIM = """
CREATE FUNCTION payments_keep_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    application payments_claimapplication;
BEGIN
    SELECT * INTO application FROM payments_claimapplication
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
    IF TG_OP = 'INSERT' THEN
        IF extract(year FROM application.applied_on)
           > extract(year FROM NEW.benefit_month) + 2 THEN
            RAISE EXCEPTION 'The month % could be applied for until the end of the second year '
                'after it (681/2023 § 70).', to_char(NEW.benefit_month, 'YYYY-MM')
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR EXISTS (
        SELECT FROM payments_run WHERE id = OLD.settled_by_id AND status = 'approved'
    ) OR to_jsonb(OLD) - '{accepted,reason,amount_cents,is_closed,settled_by_id}'::text[]
         <> to_jsonb(NEW) - '{accepted,reason,amount_cents,is_closed,settled_by_id}'::text[]
      OR (application.status = 'decided' AND
          (OLD.accepted, OLD.reason, OLD.amount_cents)
          IS DISTINCT FROM (NEW.accepted, NEW.reason, NEW.amount_cents))
      OR (application.status <> 'decided' AND NEW.settled_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'The claim % is kept as it was applied for and decided.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_claim BEFORE INSERT OR UPDATE OR DELETE ON payments_claim
    FOR EACH ROW EXECUTE FUNCTION payments_keep_claim();
"""

DROP = """
DROP TRIGGER keep_claim ON payments_claim;
DROP FUNCTION payments_keep_claim;
DROP TRIGGER keep_application ON payments_claimapplication;
DROP FUNCTION payments_keep_application;
DROP TRIGGER take_hands ON payments_claimapplication;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_claims"), ("registry", "0006_access_guards")]
    operations = [migrations.RunSQL(HANDS + KEEP_APPLICATION + KEEP_CLAIM, DROP)]

"""Former payments are approved by another than whoever imported them, and stay as they came."""

from django.db import migrations

HANDS = """
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_formerimport
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.formerimport', '', 'imported_by_id', 'proposed', 'approved_by_id', 'approved');
"""

KEEP_IMPORT = """
CREATE FUNCTION payments_keep_former_import() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_step text[] := '{status,approved_by_id,approved_at,refused_because}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'proposed' THEN
            RAISE EXCEPTION 'An import of former payments begins as a proposal.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'proposed' AND NEW.status IN ('approved', 'refused')
       AND to_jsonb(OLD) - of_step = to_jsonb(NEW) - of_step THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'opened_by_id' = to_jsonb(NEW) - 'opened_by_id'
       AND NOT EXISTS (SELECT FROM payments_run WHERE id = OLD.opened_by_id AND status = 'approved')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The import % of former payments is kept as it came.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_import BEFORE INSERT OR UPDATE OR DELETE ON payments_formerimport
    FOR EACH ROW EXECUTE FUNCTION payments_keep_former_import();
"""

KEEP_PAYMENT = """
CREATE FUNCTION payments_keep_former_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' OR NOT EXISTS (
        SELECT FROM payments_formerimport WHERE id = NEW.source_id AND status = 'proposed'
    ) THEN
        RAISE EXCEPTION 'A former payment is kept as it came.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_payment BEFORE INSERT OR UPDATE OR DELETE ON payments_formerpayment
    FOR EACH ROW EXECUTE FUNCTION payments_keep_former_payment();
"""

DROP = """
DROP TRIGGER keep_payment ON payments_formerpayment;
DROP FUNCTION payments_keep_former_payment;
DROP TRIGGER keep_import ON payments_formerimport;
DROP FUNCTION payments_keep_former_import;
DROP TRIGGER take_hands ON payments_formerimport;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0036_former_payments"), ("registry", "0006_access_guards")]
    operations = [migrations.RunSQL(HANDS + KEEP_IMPORT + KEEP_PAYMENT, DROP)]

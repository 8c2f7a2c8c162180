"""What was paid of a support is only added to; only what was booked comes back, whole (P-06)."""

from django.db import migrations

GUARD = """
CREATE FUNCTION grants_guard_support_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cents < 0 AND NOT EXISTS (
        SELECT FROM grants_supportpayment
        WHERE transfer = NEW.transfer AND application_id = NEW.application_id AND cents = -NEW.cents
    ) THEN
        RAISE EXCEPTION 'Only what was paid comes back, whole.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_support_payment BEFORE INSERT ON grants_supportpayment
    FOR EACH ROW EXECUTE FUNCTION grants_guard_support_payment();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_supportpayment
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""

DROP = """
DROP TRIGGER keep_log ON grants_supportpayment;
DROP TRIGGER guard_support_payment ON grants_supportpayment;
DROP FUNCTION grants_guard_support_payment;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0023_payments_of_supports")]
    operations = [migrations.RunSQL(GUARD, DROP)]

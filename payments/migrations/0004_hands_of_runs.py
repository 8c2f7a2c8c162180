"""Who may check and approve a run is told by the hands in it, as for every other case (P-01)."""

from django.db import migrations

GUARD_RUN = """
CREATE OR REPLACE FUNCTION payments_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected date;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status = 'approved' THEN
        RAISE EXCEPTION 'The run of % is approved and is never changed or deleted.',
            to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT max(month) + interval '1 month' INTO expected
    FROM payments_run WHERE status = 'approved';
    IF NEW.month <> expected THEN
        RAISE EXCEPTION 'Runs follow one another: the next month is %.',
            to_char(expected, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'approved' AND (TG_OP = 'INSERT' OR OLD.status <> 'checked') THEN
        RAISE EXCEPTION 'The run of % is checked before it is approved.',
            to_char(NEW.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# A run concerns every organisation. It rests on the deliveries since the last approved run's:
# whoever brought one has touched it.
HANDS = """
CREATE FUNCTION payments_hands_of_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part)
    SELECT DISTINCT 'payments.run', NEW.id, received_by_id, 'imported'
    FROM registry_delivery
    WHERE received_by_id IS NOT NULL AND id <= NEW.delivery_id
      AND id > coalesce((SELECT max(delivery_id) FROM payments_run WHERE status = 'approved'), 0);
    RETURN NULL;
END $$;
CREATE TRIGGER hands_of_deliveries AFTER INSERT ON payments_run
    FOR EACH ROW EXECUTE FUNCTION payments_hands_of_deliveries();
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_run
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.run', '', 'prepared_by_id', 'prepared', 'checked_by_id', 'checked',
        'approved_by_id', 'approved');
"""

DROP = """
DROP TRIGGER take_hands ON payments_run;
DROP TRIGGER hands_of_deliveries ON payments_run;
DROP FUNCTION payments_hands_of_deliveries;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_payee_sums"),
        ("registry", "0006_access_guards"),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="run", name="run_two_people"),
        migrations.RunSQL(GUARD_RUN + HANDS, DROP),
    ]

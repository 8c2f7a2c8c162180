"""A legal hold is placed once and lifted once; nothing else of it changes (P-14)."""

from django.db import migrations

KEEP = """
CREATE FUNCTION payments_keep_legal_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_lifting text[] := ARRAY['lifted_by_id', 'lifted_on'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_on IS NULL
       AND to_jsonb(OLD) - of_lifting = to_jsonb(NEW) - of_lifting THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The legal hold % is kept as it was placed; it can only be lifted.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_hold BEFORE UPDATE OR DELETE ON payments_legalhold
    FOR EACH ROW EXECUTE FUNCTION payments_keep_legal_hold();
"""
DROP = """
DROP TRIGGER keep_hold ON payments_legalhold;
DROP FUNCTION payments_keep_legal_hold;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0042_legal_holds")]
    operations = [migrations.RunSQL(KEEP, DROP)]

"""Which numbers an approved run knew as one person's stays as it was (C-36)."""

from django.db import migrations

KEEP = """
CREATE FUNCTION payments_keep_run_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM payments_run
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.run_id ELSE OLD.run_id END
          AND status = 'approved'
    ) THEN
        RAISE EXCEPTION 'What an approved run knew of joined numbers is kept.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_link BEFORE INSERT OR UPDATE OR DELETE ON payments_runlink
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_link();
"""

DROP = """
DROP TRIGGER keep_link ON payments_runlink;
DROP FUNCTION payments_keep_run_link;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0031_links_of_runs"), ("registry", "0020_link_guards")]
    operations = [migrations.RunSQL(KEEP, DROP)]

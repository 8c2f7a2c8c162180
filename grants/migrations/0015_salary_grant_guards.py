"""What an application for a salary grant says stands as it was sent, like the rest of it."""

from django.db import migrations

KEEP = """
CREATE FUNCTION grants_keep_salary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An application stands as it was sent.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_salary BEFORE UPDATE OF worker_name, ceiling_eur ON grants_application
    FOR EACH ROW
    WHEN (OLD.status NOT IN ('draft', 'completion_requested')
          AND (OLD.worker_name, OLD.ceiling_eur) IS DISTINCT FROM (NEW.worker_name, NEW.ceiling_eur))
    EXECUTE FUNCTION grants_keep_salary();
"""

DROP = """
DROP TRIGGER keep_salary ON grants_application;
DROP FUNCTION grants_keep_salary;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0014_salary_grants")]
    operations = [migrations.RunSQL(KEEP, DROP)]

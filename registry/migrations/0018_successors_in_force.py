"""A municipality merges into one that is in force the day after: mergers never lead in a ring (C-21)."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION registry_refuse_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registry_organisation ended
        JOIN registry_organisation successor ON successor.id = ended.merged_into_id
        WHERE NEW.id IN (ended.id, successor.id)
          AND NOT daterange(successor.valid_from, successor.valid_to, '[]') @> ended.valid_to + 1
    ) THEN
        RAISE EXCEPTION 'A municipality merges into one that is in force the day after.'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'organisation_successor_in_force';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER organisation_successor_in_force
    AFTER INSERT OR UPDATE ON registry_organisation
    DEFERRABLE INITIALLY DEFERRED  -- a merger is told row by row
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_successor();
"""

BACK = """
DROP TRIGGER organisation_successor_in_force ON registry_organisation;
DROP FUNCTION registry_refuse_successor;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_kept_file_guards")]
    operations = [migrations.RunSQL(REFUSE, BACK)]

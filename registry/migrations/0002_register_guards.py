"""What the database refuses in the register, and who is paid after a merger (C-21)."""

from django.db import migrations

FACTS = ("agreement", "permit", "persondetails", "populationrecord", "residence")

FACTS_ARE_KEPT = """
CREATE FUNCTION registry_keep_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.closed_by_id IS NULL AND NEW.closed_by_id IS NOT NULL
       AND to_jsonb(OLD) - 'closed_by_id' = to_jsonb(NEW) - 'closed_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A fact of the register (%) is never changed or deleted, only closed once.',
        TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

KEEP = """
CREATE TRIGGER keep_fact BEFORE UPDATE OR DELETE ON registry_{table}
    FOR EACH ROW EXECUTE FUNCTION registry_keep_fact();
"""

# An exclusion constraint on (identity, period) says the same but costs 23 µs a row; see
# DECISIONS.md. The lock makes concurrent writers wait, so that none overlaps unseen.
RESIDENCES_DO_NOT_OVERLAP = """
CREATE FUNCTION registry_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE registry_residence IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (
        SELECT FROM (
            SELECT moved_out, lead(moved_in) OVER (PARTITION BY identity_id ORDER BY moved_in) next
            FROM registry_residence
            WHERE closed_by_id IS NULL
              AND identity_id IN (SELECT identity_id FROM arrived WHERE closed_by_id IS NULL)
        ) entry
        WHERE next IS NOT NULL AND next <= coalesce(moved_out, 'infinity')
    ) THEN
        RAISE EXCEPTION 'Current home-municipality entries of one person may not overlap.'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'residence_no_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER residence_no_overlap AFTER INSERT ON registry_residence
    REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_overlap();
"""

SUCCESSION = """
CREATE VIEW registry_succession AS
WITH RECURSIVE succession AS (
    SELECT id AS organisation_id, id AS payee_id,
           '-infinity'::date AS from_day, coalesce(valid_to, 'infinity') AS to_day, merged_into_id
    FROM registry_organisation
    UNION  -- not ALL: a ring of mergers must end
    SELECT s.organisation_id, o.id,
           s.to_day + 1, greatest(s.to_day, coalesce(o.valid_to, 'infinity')), o.merged_into_id
    FROM succession s JOIN registry_organisation o ON o.id = s.merged_into_id
)
SELECT organisation_id, payee_id, from_day, to_day FROM succession WHERE from_day <= to_day;
COMMENT ON VIEW registry_succession IS
    'Who is paid in the place of an organisation on the days from_day to to_day inclusive (C-21)';
"""


def keep_all(action):
    return "".join(action.format(table=table) for table in FACTS)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FACTS_ARE_KEPT + keep_all(KEEP),
            keep_all("DROP TRIGGER keep_fact ON registry_{table};")
            + "DROP FUNCTION registry_keep_fact;",
        ),
        migrations.RunSQL(
            RESIDENCES_DO_NOT_OVERLAP,
            "DROP TRIGGER residence_no_overlap ON registry_residence;"
            "DROP FUNCTION registry_refuse_overlap;",
        ),
        migrations.RunSQL(SUCCESSION, "DROP VIEW registry_succession;"),
    ]

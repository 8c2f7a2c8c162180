"""Rights are ended, never rewritten; hands in cases are only added to, and kept apart (P-01)."""

from django.db import migrations

GRANTS = ("registry_staffrole", "registry_membership")

KEEP_GRANT = """
CREATE FUNCTION registry_keep_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL
       OR to_jsonb(OLD) - '{valid_to,revoked_at,duty}'::text[]
          <> to_jsonb(NEW) - '{valid_to,revoked_at,duty}'::text[] THEN
        RAISE EXCEPTION 'A right that was granted is ended or revoked, never changed or deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER keep_grant BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION registry_keep_grant();
"""
    for table in GRANTS
)

REFUSE_HAND = """
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_hand
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
CREATE FUNCTION registry_refuse_hand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    IF NEW.part IN ('checked', 'approved') AND EXISTS (
        SELECT FROM registry_hand
        WHERE object_type = NEW.object_type AND object_id = NEW.object_id
          AND user_id = NEW.user_id AND part <> NEW.part
    ) THEN
        RAISE EXCEPTION 'Whoever has had a part in a case does not take part "%" in it (P-01).',
            NEW.part USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.part IN ('proposed', 'checked', 'approved') AND EXISTS (
        SELECT FROM registry_membership
        WHERE user_id = NEW.user_id AND revoked_at IS NULL AND valid_from <= today
          AND coalesce(valid_to, 'infinity') >= today
          AND (NEW.concerns_id IS NULL OR organisation_id = NEW.concerns_id)
    ) THEN
        RAISE EXCEPTION 'Nobody handles a case of an organisation they belong to (P-01).'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_hand BEFORE INSERT ON registry_hand
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_hand();
"""

# For tables of cases: take_hands(object type, column of the organisation concerned or '' for
# all, then a column of a user and the part it means, as often as needed).
TAKE_HANDS = """
CREATE FUNCTION registry_take_hands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_is jsonb := to_jsonb(NEW);
    was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
BEGIN
    FOR i IN 2 .. TG_NARGS - 2 BY 2 LOOP
        IF now_is ->> TG_ARGV[i] IS DISTINCT FROM was ->> TG_ARGV[i]
           AND now_is ->> TG_ARGV[i] IS NOT NULL THEN
            INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
            VALUES (TG_ARGV[0], NEW.id, (now_is ->> TG_ARGV[i])::bigint, TG_ARGV[i + 1],
                    (now_is ->> TG_ARGV[1])::bigint)
            ON CONFLICT DO NOTHING;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""

DROP = (
    """
DROP FUNCTION registry_take_hands;
DROP TRIGGER refuse_hand ON registry_hand;
DROP FUNCTION registry_refuse_hand;
DROP TRIGGER keep_log ON registry_hand;
"""
    + "".join(f"DROP TRIGGER keep_grant ON {table};" for table in GRANTS)
    + ("DROP FUNCTION registry_keep_grant;")
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_access_rights")]
    operations = [migrations.RunSQL(KEEP_GRANT + REFUSE_HAND + TAKE_HANDS, DROP)]

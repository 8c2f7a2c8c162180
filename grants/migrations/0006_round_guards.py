"""A round with applications sent keeps what they rest on; its window may still be extended (G-03)."""

from django.db import migrations

GUARD_ROUND = """
CREATE FUNCTION grants_round_is_used(id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grants_application a
                   WHERE a.round_id = grants_round_is_used.id AND a.submitted_at IS NOT NULL)
$$;
CREATE FUNCTION grants_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{status,closes,closes_extended_from,extension_decided_on,frame_id,guidance_fi,'
                   'guidance_sv}';
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.support = OLD.support AND NEW.closes >= OLD.closes
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.support <> OLD.support
       AND EXISTS (SELECT FROM grants_application WHERE round_id = OLD.id)
       OR grants_round_is_used(OLD.id) THEN
        RAISE EXCEPTION 'Applications sent in the round % rest on it.', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard_round BEFORE UPDATE OR DELETE ON grants_round
    FOR EACH ROW EXECUTE FUNCTION grants_guard_round();
"""

GUARD_PART = """
CREATE FUNCTION grants_guard_round_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used text;
BEGIN
    SELECT code INTO used FROM grants_round
    WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.round_id END,
                 CASE WHEN TG_OP <> 'DELETE' THEN NEW.round_id END)
      AND grants_round_is_used(id);
    IF used IS NOT NULL THEN
        RAISE EXCEPTION 'Applications sent in the round % rest on it.', used
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER guard_round BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION grants_guard_round_part();
"""
    for table in ("grants_roundamount", "grants_roundground")
)

DROP = """
DROP TRIGGER guard_round ON grants_roundground;
DROP TRIGGER guard_round ON grants_roundamount;
DROP FUNCTION grants_guard_round_part;
DROP TRIGGER guard_round ON grants_round;
DROP FUNCTION grants_guard_round;
DROP FUNCTION grants_round_is_used;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0005_rounds_extended")]
    operations = [migrations.RunSQL(GUARD_ROUND + GUARD_PART, DROP)]

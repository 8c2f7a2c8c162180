"""A list stands as it was sent, corrections are only added to, and who made it is a hand (P-01)."""

from django.db import migrations

GUARD_ROWS = """
CREATE FUNCTION grants_guard_new_list_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT list_id FROM new_rows) n
        JOIN grants_personlist l ON l.id = n.list_id
        JOIN grants_application a ON a.id = l.application_id
        WHERE a.status NOT IN ('draft', 'completion_requested')
    ) THEN
        RAISE EXCEPTION 'The list of an application that was sent stands.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION grants_guard_list_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows n
        JOIN grants_personlist l ON l.id = n.list_id
        JOIN grants_application a ON a.id = l.application_id
        JOIN old_rows o ON o.id = n.id
        WHERE a.status NOT IN ('draft', 'completion_requested')
          AND to_jsonb(n) - 'person_id' <> to_jsonb(o) - 'person_id'
    ) THEN
        RAISE EXCEPTION 'The list of an application that was sent stands.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION grants_keep_list_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of a list are marked as removed, never deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER guard_new_rows AFTER INSERT ON grants_listrow
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION grants_guard_new_list_rows();
CREATE TRIGGER guard_rows AFTER UPDATE ON grants_listrow
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION grants_guard_list_rows();
CREATE TRIGGER keep_rows BEFORE DELETE ON grants_listrow
    FOR EACH STATEMENT EXECUTE FUNCTION grants_keep_list_rows();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_rowcorrection
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""

GUARD_LIST = """
CREATE FUNCTION grants_guard_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := '{application_id,file_name,sha256,size,uploaded_by_id,uploaded_at}';
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM unnest(fixed) AS name
        WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name
    ) OR TG_OP = 'UPDATE' AND OLD.state <> 'waiting' AND (OLD.state, OLD.number)
         IS DISTINCT FROM (NEW.state, NEW.number) THEN
        RAISE EXCEPTION 'A list is kept as it was sent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' OR NEW.is_current <> OLD.is_current THEN
        PERFORM FROM grants_application
        WHERE id = NEW.application_id AND status NOT IN ('draft', 'completion_requested');
        IF FOUND THEN
            RAISE EXCEPTION 'The list of an application that was sent stands.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_list BEFORE INSERT OR UPDATE ON grants_personlist
    FOR EACH ROW EXECUTE FUNCTION grants_guard_list();

CREATE FUNCTION grants_keep_list_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM grants_personlist WHERE id = OLD.list_id AND state = 'read'
    ) THEN
        RAISE EXCEPTION 'A file that was read is kept as it was sent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_file BEFORE UPDATE OR DELETE ON grants_listfile
    FOR EACH ROW EXECUTE FUNCTION grants_keep_list_file();
"""

# Whoever sent or corrected a list had a part in its application.
HANDS = """
CREATE FUNCTION grants_list_hand(application bigint, who bigint, part text)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'grants.application', a.id, who, part, a.applicant_id
    FROM grants_application a WHERE a.id = application
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION grants_list_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_list_hand(NEW.application_id, NEW.uploaded_by_id, 'prepared');
    RETURN NULL;
END $$;
CREATE FUNCTION grants_correction_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_list_hand(l.application_id, NEW.by_id, 'corrected')
    FROM grants_listrow r JOIN grants_personlist l ON l.id = r.list_id WHERE r.id = NEW.row_id;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT ON grants_personlist
    FOR EACH ROW EXECUTE FUNCTION grants_list_hands();
CREATE TRIGGER take_hands AFTER INSERT ON grants_rowcorrection
    FOR EACH ROW EXECUTE FUNCTION grants_correction_hands();
"""

DROP = """
DROP TRIGGER take_hands ON grants_rowcorrection;
DROP TRIGGER take_hands ON grants_personlist;
DROP FUNCTION grants_correction_hands;
DROP FUNCTION grants_list_hands;
DROP FUNCTION grants_list_hand;
DROP TRIGGER keep_file ON grants_listfile;
DROP FUNCTION grants_keep_list_file;
DROP TRIGGER guard_list ON grants_personlist;
DROP FUNCTION grants_guard_list;
DROP TRIGGER keep_log ON grants_rowcorrection;
DROP TRIGGER keep_rows ON grants_listrow;
DROP TRIGGER guard_rows ON grants_listrow;
DROP TRIGGER guard_new_rows ON grants_listrow;
DROP FUNCTION grants_keep_list_rows;
DROP FUNCTION grants_guard_list_rows;
DROP FUNCTION grants_guard_new_list_rows;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0007_person_lists"),
        ("registry", "0006_access_guards"),
    ]
    operations = [migrations.RunSQL(GUARD_ROWS + GUARD_LIST + HANDS, DROP)]

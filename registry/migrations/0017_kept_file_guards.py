"""A kept file is never changed, and its bytes are those of its hash and there as long as it is."""

from django.db import migrations

KEEP = """
CREATE FUNCTION registry_keep_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A file is kept as it was sent.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_file BEFORE UPDATE OR TRUNCATE ON registry_keptfile
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_file();
CREATE TRIGGER keep_bytes BEFORE UPDATE OR TRUNCATE ON registry_keptbytes
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_file();

CREATE FUNCTION registry_check_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registry_keptfile
    WHERE id = NEW.file_id AND size = octet_length(NEW.content)
      AND sha256 = encode(sha256(NEW.content), 'hex');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The bytes are not those of the file''s hash.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_bytes BEFORE INSERT ON registry_keptbytes
    FOR EACH ROW EXECUTE FUNCTION registry_check_bytes();

CREATE FUNCTION registry_file_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN wanted := NEW.id; ELSE wanted := OLD.file_id; END IF;
    PERFORM FROM registry_keptfile f WHERE f.id = wanted
      AND NOT EXISTS (SELECT FROM registry_keptbytes b WHERE b.file_id = f.id);
    IF FOUND THEN
        RAISE EXCEPTION 'A kept file has its bytes.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_bytes AFTER INSERT ON registry_keptfile
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_file_whole();
CREATE CONSTRAINT TRIGGER bytes_stay AFTER DELETE ON registry_keptbytes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_file_whole();
"""

DROP = """
DROP TRIGGER bytes_stay ON registry_keptbytes;
DROP TRIGGER has_bytes ON registry_keptfile;
DROP FUNCTION registry_file_whole;
DROP TRIGGER check_bytes ON registry_keptbytes;
DROP FUNCTION registry_check_bytes;
DROP TRIGGER keep_bytes ON registry_keptbytes;
DROP TRIGGER keep_file ON registry_keptfile;
DROP FUNCTION registry_keep_file;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_kept_files")]
    operations = [migrations.RunSQL(KEEP, DROP)]

"""Decisions and their documents are never changed or deleted; service is added once (P-02)."""

from django.db import migrations

KEEP = """
CREATE FUNCTION registry_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.service <> ''
       OR to_jsonb(OLD) - '{service,served_on,remedy_until}'::text[]
          <> to_jsonb(NEW) - '{service,served_on,remedy_until}'::text[] THEN
        RAISE EXCEPTION 'The decision KEHA/%/% is never changed or deleted.', OLD.serial, OLD.year
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_decision BEFORE UPDATE OR DELETE ON registry_decision
    FOR EACH ROW EXECUTE FUNCTION registry_keep_decision();
CREATE FUNCTION registry_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A document of a decision is never changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_document BEFORE UPDATE OR DELETE ON registry_decisiondocument
    FOR EACH ROW EXECUTE FUNCTION registry_keep_document();
"""

DROP = """
DROP TRIGGER keep_document ON registry_decisiondocument;
DROP FUNCTION registry_keep_document;
DROP TRIGGER keep_decision ON registry_decision;
DROP FUNCTION registry_keep_decision;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_decisions")]
    operations = [migrations.RunSQL(KEEP, DROP)]

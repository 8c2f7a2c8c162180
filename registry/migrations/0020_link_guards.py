"""A link is made and ended by two people, is never part of a chain, and stays as it was made."""

from django.db import migrations

HANDS = """
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON registry_personlink
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'registry.personlink', '',
        'proposed_by_id', 'proposed', 'confirmed_by_id', 'approved',
        'end_proposed_by_id', 'proposed', 'ended_by_id', 'approved');
"""

# The table's lock, so that two links cannot make a chain unseen by one another.
NO_CHAINS = """
CREATE FUNCTION registry_refuse_link_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE registry_personlink IN SHARE ROW EXCLUSIVE MODE;
    IF NEW.status IN ('proposed', 'standing', 'ending') AND EXISTS (
        SELECT FROM registry_personlink
        WHERE id <> NEW.id AND status IN ('proposed', 'standing', 'ending')
          AND (number_id IN (NEW.person_id, NEW.number_id) OR person_id = NEW.number_id)
    ) THEN
        RAISE EXCEPTION 'A joined number is joined to one number, which is joined to none.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_chain BEFORE INSERT OR UPDATE ON registry_personlink
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_link_chain();
"""

KEEP = """
CREATE FUNCTION registry_keep_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_end text[] := '{status,end_reason,end_proposed_by_id,ended_by_id,ended_on,refused_because}';
    of_making text[] := '{status,confirmed_by_id,confirmed_on,refused_because}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'proposed' THEN
            RAISE EXCEPTION 'A link begins as a proposal.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (OLD.status, NEW.status) NOT IN (
        ('proposed', 'standing'), ('proposed', 'refused'), ('standing', 'ending'),
        ('ending', 'standing'), ('ending', 'ended')
    ) OR to_jsonb(OLD) - (CASE WHEN OLD.status = 'proposed' THEN of_making ELSE of_end END)
      <> to_jsonb(NEW) - (CASE WHEN OLD.status = 'proposed' THEN of_making ELSE of_end END) THEN
        RAISE EXCEPTION 'The link % is kept as it was made; it can only be ended.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_link BEFORE INSERT OR UPDATE OR DELETE ON registry_personlink
    FOR EACH ROW EXECUTE FUNCTION registry_keep_link();
"""

DROP = """
DROP TRIGGER keep_link ON registry_personlink;
DROP FUNCTION registry_keep_link;
DROP TRIGGER no_chain ON registry_personlink;
DROP FUNCTION registry_refuse_link_chain;
DROP TRIGGER take_hands ON registry_personlink;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_person_links")]
    operations = [migrations.RunSQL(HANDS + NO_CHAINS + KEEP, DROP)]

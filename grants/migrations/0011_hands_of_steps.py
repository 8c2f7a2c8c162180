"""Whoever took an application to check it has a part in it, and does not approve it (P-01)."""

from django.db import migrations

HANDS = """
CREATE FUNCTION grants_hands_of_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'grants.application', a.id, NEW.by_id, 'prepared', a.applicant_id
    FROM grants_application a WHERE a.id = NEW.application_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT ON grants_applicationstep
    FOR EACH ROW
    WHEN (NEW.by_id IS NOT NULL
          AND NEW.deed IN ('created', 'sent', 'taken', 'asked', 'extended', 'answered', 'resumed'))
    EXECUTE FUNCTION grants_hands_of_steps();
"""

DROP = """
DROP TRIGGER take_hands ON grants_applicationstep;
DROP FUNCTION grants_hands_of_steps;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0010_receipt_guards"), ("registry", "0006_access_guards")]
    operations = [migrations.RunSQL(HANDS, DROP)]

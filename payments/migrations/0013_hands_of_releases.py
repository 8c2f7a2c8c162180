"""Who looked at a failed transfer has touched the batch that pays its order anew (P-01)."""

from django.db import migrations

HANDS = """
CREATE OR REPLACE FUNCTION payments_hands_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part)
    SELECT DISTINCT 'payments.batch', t.batch_id, hand.user_id, 'corrected'
    FROM drawn t
    JOIN payments_bankdetails d ON d.id = t.details_id
    LEFT JOIN payments_transfer earlier
      ON earlier.order_id = t.order_id AND earlier.released_by_id IS NOT NULL
    CROSS JOIN LATERAL (
        VALUES (d.proposed_by_id), (d.decided_by_id), (earlier.released_by_id)
    ) AS hand (user_id)
    WHERE hand.user_id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION payments_hands_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part)
    SELECT DISTINCT 'payments.batch', t.batch_id, hand.user_id, 'corrected'
    FROM drawn t
    JOIN payments_bankdetails d ON d.id = t.details_id
    CROSS JOIN LATERAL (VALUES (d.proposed_by_id), (d.decided_by_id)) AS hand (user_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_groups_of_earlier_runs")]
    operations = [migrations.RunSQL(HANDS, BEFORE)]

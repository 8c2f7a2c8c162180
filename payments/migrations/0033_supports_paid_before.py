"""Tell the supports what was paid of them before they kept it (P-06)."""

from django.db import migrations

TELL = """
INSERT INTO grants_supportpayment (application_id, transfer, cents, day)
SELECT p.application_id, t.end_to_end_id, t.amount_cents, t.paid_on
FROM payments_transfer t
JOIN payments_paymentorder o ON o.id = t.order_id
JOIN grants_supportproposal p ON p.id = o.support_id
WHERE t.status = 'paid'
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0032_link_guards_of_runs"),
        ("grants", "0024_payment_guards_of_supports"),
    ]
    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]

"""Open the recoveries of runs that were approved before recoveries were kept (C-34)."""

from django.db import migrations

OPEN = """
INSERT INTO payments_recoverycase
    (regime, payee_id, proposal_id, claimed_cents, concerns_from, decide_by, status, opened_on)
SELECT 'compensation', p.payee_id, p.id, p.recovery_cents, m.first,
       make_date(extract(year FROM m.first)::int + 5, 12, 31), 'set_off',
       (r.approved_at AT TIME ZONE 'Europe/Helsinki')::date
FROM payments_proposal p
JOIN payments_run r ON r.id = p.run_id AND r.status = 'approved'
CROSS JOIN LATERAL (
    SELECT coalesce(min(c.benefit_month), r.month) AS first
    FROM payments_payeecorrection c
    JOIN registry_succession s ON s.organisation_id = c.payee_id AND s.payee_id = p.payee_id
     AND r.month BETWEEN s.from_day AND s.to_day
    WHERE c.run_id = r.id AND c.removed_cents < 0
) m
WHERE p.recovery_cents > 0
ORDER BY r.month, p.id;
"""
CLAIM = """
INSERT INTO payments_recoveryentry (case_id, kind, amount_cents, day)
SELECT id, 'claimed', claimed_cents, opened_on FROM payments_recoverycase ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_recovery_guards")]
    operations = [
        migrations.RunSQL([OPEN, CLAIM], migrations.RunSQL.noop),
    ]

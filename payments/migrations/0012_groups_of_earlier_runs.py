"""Count the groups of runs computed before groups were kept: the next run is compared with them."""

from django.db import migrations

GROUPS = """
ALTER TABLE payments_rungroup DISABLE TRIGGER keep_run_row;
INSERT INTO payments_rungroup (run_id, "group", ground_id, min_age, persons, adults, cents)
SELECT a.run_id, a."group", p.ground_id, coalesce(mb.min_age, cb.min_age), count(*),
       count(*) FILTER (WHERE coalesce(ma.id, ca.id) IS NOT NULL),
       sum(coalesce(mb.monthly_cents, 0) + coalesce(ma.monthly_cents, 0)
           + coalesce(cb.monthly_cents, 0) + coalesce(ca.monthly_cents, 0))
FROM payments_run r
JOIN payments_assessment a
  ON a.run_id = r.id AND a.benefit_month = r.month AND a.outcome = 'paid'
JOIN registry_permit p ON p.id = a.permit_id
LEFT JOIN payments_rate mb ON mb.id = a.municipality_base_rate_id
LEFT JOIN payments_rate ma ON ma.id = a.municipality_adult_rate_id
LEFT JOIN payments_rate cb ON cb.id = a.county_base_rate_id
LEFT JOIN payments_rate ca ON ca.id = a.county_adult_rate_id
WHERE coalesce(mb.id, cb.id) IS NOT NULL
  AND NOT EXISTS (SELECT FROM payments_rungroup g WHERE g.run_id = r.id)
GROUP BY a.run_id, a."group", p.ground_id, coalesce(mb.min_age, cb.min_age);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE payments_rungroup ENABLE TRIGGER keep_run_row;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_checks_of_runs")]
    operations = [migrations.RunSQL(GROUPS, migrations.RunSQL.noop)]

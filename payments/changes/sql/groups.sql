-- Whom the run pays for its own month, by group of the compensation time, ground and age group.
-- Reads `assessed` (runs/sql/finish.sql). Who brings no payee anything (C-27 before 2023) is out.
INSERT INTO payments_rungroup (run_id, "group", ground_id, min_age, persons, adults, cents)
SELECT %(run)s, "group", ground_id, coalesce(mb.min_age, cb.min_age), sum(persons),
       coalesce(sum(persons) FILTER (WHERE coalesce(ma.id, ca.id) IS NOT NULL), 0),
       sum(persons * (coalesce(mb.monthly_cents, 0) + coalesce(ma.monthly_cents, 0)
                      + coalesce(cb.monthly_cents, 0) + coalesce(ca.monthly_cents, 0)))
FROM assessed
LEFT JOIN payments_rate mb ON mb.id = municipality_base_rate_id
LEFT JOIN payments_rate ma ON ma.id = municipality_adult_rate_id
LEFT JOIN payments_rate cb ON cb.id = county_base_rate_id
LEFT JOIN payments_rate ca ON ca.id = county_adult_rate_id
WHERE outcome = 'paid' AND benefit_month = %(month)s AND coalesce(mb.id, cb.id) IS NOT NULL
GROUP BY "group", ground_id, coalesce(mb.min_age, cb.min_age);

-- The steps from last month's total to this month's, by payee and for the whole run (payee null).
-- Reads `corrected` (runs/sql/finish.sql) and `change`, which the statement `changes` has left.
INSERT INTO payments_runchange (run_id, payee_id, kind, persons, cents, delivery_persons)
SELECT %(run)s, payee_id, kind, count(DISTINCT person_id), sum(cents), 0
FROM change
WHERE kind <> 'touched'
GROUP BY GROUPING SETS ((payee_id, kind), (kind));

INSERT INTO payments_runchange (run_id, payee_id, kind, persons, cents, delivery_persons)
SELECT %(run)s, s.payee_id, 'correction', count(DISTINCT person_id),
       sum(added_cents + removed_cents), 0
FROM corrected
JOIN registry_succession s
  ON s.organisation_id = corrected.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
GROUP BY GROUPING SETS ((s.payee_id), ())
HAVING count(*) > 0;

INSERT INTO payments_runchange (run_id, payee_id, kind, persons, cents, delivery_persons)
SELECT %(run)s, payee_id, 'recovery', 0, sum(recovery_cents), 0
FROM payments_proposal
WHERE run_id = %(run)s AND recovery_cents > 0
GROUP BY GROUPING SETS ((payee_id), ())
HAVING count(*) > 0;

-- Last month's regular lines, paid today to these payees; and what of them stayed as it was.
WITH last AS (
    SELECT s.payee_id, sum(p.persons) FILTER (WHERE r.component = 'base') AS persons,
           sum(p.cents) AS cents
    FROM payments_payeesum p
    JOIN payments_rate r ON r.id = p.rate_id
    JOIN registry_succession s
      ON s.organisation_id = p.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
    WHERE p.run_id = %(last)s
    GROUP BY s.payee_id
    UNION ALL
    SELECT NULL, (SELECT coalesce(sum(persons), 0) FROM payments_rungroup WHERE run_id = %(last)s),
           sum(cents)
    FROM payments_payeesum WHERE run_id = %(last)s
    HAVING count(*) > 0
),
touched AS (
    SELECT payee_id, count(DISTINCT person_id) AS persons, sum(cents) AS cents
    FROM change WHERE kind = 'touched'
    GROUP BY GROUPING SETS ((payee_id), ())
)
INSERT INTO payments_runchange (run_id, payee_id, kind, persons, cents, delivery_persons)
SELECT %(run)s, last.payee_id, step.kind, step.persons, step.cents, 0
FROM last
LEFT JOIN touched ON touched.payee_id IS NOT DISTINCT FROM last.payee_id
CROSS JOIN LATERAL (VALUES
    ('last', last.persons, last.cents),
    ('stayed', last.persons - coalesce(touched.persons, 0), last.cents + coalesce(touched.cents, 0))
) AS step (kind, persons, cents);

-- The delivery that brought most of those who came to a payee: the latest fact of their month.
WITH brought AS (
    SELECT c.payee_id, c.kind, greatest(d.brought_by_id, r.brought_by_id, p.brought_by_id) AS id,
           count(DISTINCT c.person_id) AS persons
    FROM change c
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = c.person_id AND a.benefit_month = %(month)s
    JOIN registry_persondetails d ON d.id = a.details_id
    JOIN registry_residence r ON r.id = a.residence_id
    JOIN registry_permit p ON p.id = a.permit_id
    WHERE c.kind IN ('new', 'moved_in', 'late_in')
    GROUP BY GROUPING SETS ((1, 2, 3), (2, 3))
),
most AS (
    SELECT DISTINCT ON (payee_id, kind) payee_id, kind, id, persons
    FROM brought ORDER BY payee_id, kind, persons DESC, id
)
UPDATE payments_runchange c SET delivery_id = most.id, delivery_persons = most.persons
FROM most
WHERE c.run_id = %(run)s AND c.kind = most.kind AND c.payee_id IS NOT DISTINCT FROM most.payee_id;

-- C-35: for every person-month the run assessed, and each payee and component:
-- booked before + this run's lines + open claimable entries = expected as known now. Booked before
-- is what was booked under any of the person's numbers.
WITH joined AS MATERIALIZED (
    SELECT link.number_id, link.person_id
    FROM payments_runlink known JOIN registry_personlink link ON link.id = known.link_id
    WHERE known.run_id = %(run)s
),
expected AS (
    SELECT a.person_id, a.benefit_month, part.payee_id, part.component, rate.monthly_cents AS cents
    FROM payments_assessment a
    CROSS JOIN LATERAL (VALUES
        (a.municipality_id, 'base', a.municipality_base_rate_id),
        (a.municipality_id, 'adult', a.municipality_adult_rate_id),
        (a.county_id, 'base', a.county_base_rate_id),
        (a.county_id, 'adult', a.county_adult_rate_id)
    ) AS part (payee_id, component, rate_id)
    JOIN payments_rate rate ON rate.id = part.rate_id
    WHERE a.run_id = %(run)s AND a.outcome = 'paid'
),
settled AS (
    SELECT person_id, benefit_month, payee_id, component, amount_cents AS cents
    FROM payments_line WHERE run_id = %(run)s
    UNION ALL
    SELECT l.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents
    FROM payments_line l
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = l.person_id AND a.benefit_month = l.benefit_month
    WHERE l.run_id = ANY (%(ledger)s) AND a.benefit_month < %(month)s
    UNION ALL
    SELECT j.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents
    FROM joined j
    JOIN payments_line l ON l.person_id = j.number_id AND l.run_id = ANY (%(ledger)s)
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = j.person_id AND a.benefit_month = l.benefit_month
    WHERE a.benefit_month < %(month)s
    UNION ALL
    SELECT e.person_id, e.benefit_month, e.payee_id, e.component, e.amount_cents
    FROM payments_claimableentry e
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = e.person_id AND a.benefit_month = e.benefit_month
    WHERE e.closed_by_id IS NULL
)
SELECT person_id, benefit_month, payee_id, component, sum(expected), sum(settled),
       count(*) OVER () AS differing, sum(abs(sum(expected) - sum(settled))) OVER () AS by_cents
FROM (
    SELECT person_id, benefit_month, payee_id, component, cents AS expected, 0 AS settled
    FROM expected
    UNION ALL
    SELECT person_id, benefit_month, payee_id, component, 0, cents FROM settled
) both_sides
GROUP BY person_id, benefit_month, payee_id, component
HAVING sum(expected) <> sum(settled)
ORDER BY 1, 2, 3, 4
LIMIT 1

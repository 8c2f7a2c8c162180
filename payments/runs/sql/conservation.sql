-- C-35: for every person-month the run assessed, and each payee and component:
-- booked before + this run's lines + open claimable entries = expected as known now. Booked before
-- is what was booked under any of the person's numbers. Of a month that the former system paid it is
-- what is due beyond that, and never more than was booked before (C-38).
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
former AS MATERIALIZED (
    SELECT coalesce(j.person_id, f.person_id) AS person_id, f.benefit_month, f.payee_id,
           f.component, sum(f.amount_cents) AS cents
    FROM payments_formerimport source
    JOIN payments_formerpayment f ON f.source_id = source.id
    LEFT JOIN joined j ON j.number_id = f.person_id
    WHERE source.opened_by_id <= %(run)s AND f.benefit_month < %(month)s
    GROUP BY 1, 2, 3, 4
),
settled AS (
    SELECT person_id, benefit_month, payee_id, component, amount_cents AS cents, 0 AS before
    FROM payments_line WHERE run_id = %(run)s
    UNION ALL
    SELECT l.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents, l.amount_cents
    FROM payments_line l
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = l.person_id AND a.benefit_month = l.benefit_month
    WHERE l.run_id = ANY (%(ledger)s) AND a.benefit_month < %(month)s
    UNION ALL
    SELECT j.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents, l.amount_cents
    FROM joined j
    JOIN payments_line l ON l.person_id = j.number_id AND l.run_id = ANY (%(ledger)s)
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = j.person_id AND a.benefit_month = l.benefit_month
    WHERE a.benefit_month < %(month)s
    UNION ALL
    SELECT e.person_id, e.benefit_month, e.payee_id, e.component, e.amount_cents, 0
    FROM payments_claimableentry e
    JOIN payments_assessment a
      ON a.run_id = %(run)s AND a.person_id = e.person_id AND a.benefit_month = e.benefit_month
    WHERE e.closed_by_id IS NULL
)
SELECT person_id, benefit_month, payee_id, component, expected, settled,
       count(*) OVER () AS differing, sum(abs(expected - settled)) OVER () AS by_cents
FROM (
    SELECT person_id, benefit_month, payee_id, component, sum(settled) AS settled,
           CASE WHEN bool_or(formerly.was_paid)
                THEN least(greatest(sum(expected) - coalesce(max(former.cents), 0), 0), sum(before))
                ELSE sum(expected) END AS expected
    FROM (
        SELECT person_id, benefit_month, payee_id, component, cents AS expected, 0 AS settled,
               0 AS before
        FROM expected
        UNION ALL
        SELECT person_id, benefit_month, payee_id, component, 0, cents, before FROM settled
    ) both_sides
    LEFT JOIN former USING (person_id, benefit_month, payee_id, component)
    LEFT JOIN (
        SELECT person_id, benefit_month, payee_id, true AS was_paid FROM former
        GROUP BY person_id, benefit_month, payee_id HAVING sum(cents) > 0
    ) formerly USING (person_id, benefit_month, payee_id)
    GROUP BY person_id, benefit_month, payee_id, component
) amount
WHERE expected <> settled
ORDER BY 1, 2, 3, 4
LIMIT 1

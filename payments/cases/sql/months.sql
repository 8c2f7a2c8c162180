-- What the stages of the law say of each month of the cases %(cases)s, with the lines it should pay
-- and what the payee has had or been granted, under any of the person's numbers. Reads `joined`,
-- `outcome`, `assessment` and `expected`.
WITH asked AS MATERIALIZED (
    SELECT c.id, c.person_id AS number_id, coalesce(j.person_id, c.person_id) AS person_id,
           c.first_month, c.last_month
    FROM payments_manualcase c LEFT JOIN joined j ON j.number_id = c.person_id
    WHERE c.id = ANY (%(cases)s) AND c.person_id IS NOT NULL
),
own AS MATERIALIZED (
    SELECT person_id, person_id AS number_id FROM asked
    UNION SELECT person_id, number_id FROM joined WHERE person_id IN (SELECT person_id FROM asked)
),
had AS (
    SELECT own.person_id, l.benefit_month, l.payee_id, l.amount_cents AS cents
    FROM own
    JOIN payments_line l ON l.person_id = own.number_id
    JOIN payments_run r ON r.id = l.run_id AND r.status = 'approved'
    UNION ALL  -- by the former system (C-38)
    SELECT own.person_id, f.benefit_month, f.payee_id, f.amount_cents
    FROM own
    JOIN payments_formerpayment f ON f.person_id = own.number_id
    JOIN payments_formerimport source ON source.id = f.source_id AND source.status = 'approved'
    UNION ALL  -- granted, and no approved run has settled it yet
    SELECT own.person_id, m.benefit_month, m.payee_id, m.amount_cents
    FROM own
    JOIN payments_manualmonth m ON m.person_id = own.number_id AND m.verdict = 'granted'
    JOIN payments_manualcase c ON c.id = m.case_id AND c.id <> ALL (%(cases)s)
    JOIN payments_manualproposal p ON p.id = c.proposal_id AND p.status = 'decided'
    LEFT JOIN payments_run r ON r.id = m.settled_by_id
    WHERE r.status IS DISTINCT FROM 'approved'
)
SELECT c.id AS case_id, c.number_id, a.benefit_month, a.outcome, a.without_agreement,
       o.municipality_id AS lives_in_id,
       coalesce(town.county_id, aland_health.id) AS county_id,
       due.payee_id, coalesce(due.cents, 0) AS cents, coalesce(due.adult_cents, 0) AS adult_cents,
       coalesce(booked.cents, 0) AS booked_cents
FROM asked c
JOIN assessment a
  ON a.person_id = c.person_id AND a.benefit_month BETWEEN c.first_month AND c.last_month
JOIN outcome o ON o.person_id = a.person_id AND o.day = a.benefit_month
LEFT JOIN registry_organisation town ON town.id = o.municipality_id
LEFT JOIN registry_organisation aland_health
       ON town.in_aland AND aland_health.kind = 'aland_health'
LEFT JOIN (
    SELECT person_id, benefit_month, payee_id, sum(amount_cents)::int AS cents,
           coalesce(sum(amount_cents) FILTER (WHERE component = 'adult'), 0)::int AS adult_cents
    FROM expected GROUP BY person_id, benefit_month, payee_id
) due ON due.person_id = a.person_id AND due.benefit_month = a.benefit_month
LEFT JOIN (
    SELECT person_id, benefit_month, payee_id, sum(cents)::int AS cents
    FROM had GROUP BY person_id, benefit_month, payee_id
) booked ON booked.person_id = a.person_id AND booked.benefit_month = a.benefit_month
        AND booked.payee_id = due.payee_id
ORDER BY c.id, a.benefit_month, due.payee_id

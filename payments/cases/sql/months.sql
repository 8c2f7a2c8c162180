-- What the stages of the law say of each month of the cases %(cases)s, with the lines it should pay
-- and what the ledger has for the payee. Reads `outcome`, `assessment` and `expected`.
SELECT c.id AS case_id, a.person_id, a.benefit_month, a.outcome, a.without_agreement,
       o.municipality_id AS lives_in_id,
       coalesce(town.county_id, aland_health.id) AS county_id,
       due.payee_id, coalesce(due.cents, 0) AS cents, coalesce(due.adult_cents, 0) AS adult_cents,
       coalesce(booked.cents, 0) AS booked_cents
FROM payments_manualcase c
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
    SELECT l.person_id, l.benefit_month, l.payee_id, sum(l.amount_cents)::int AS cents
    FROM payments_line l
    JOIN payments_run r ON r.id = l.run_id AND r.status = 'approved'
    WHERE l.person_id = ANY (SELECT person_id FROM payments_manualcase WHERE id = ANY (%(cases)s))
    GROUP BY l.person_id, l.benefit_month, l.payee_id
) booked ON booked.person_id = a.person_id AND booked.benefit_month = a.benefit_month
        AND booked.payee_id = due.payee_id
WHERE c.id = ANY (%(cases)s)
ORDER BY c.id, a.benefit_month, due.payee_id

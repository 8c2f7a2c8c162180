-- Expected less booked (C-29 … C-32): what the run books, and what becomes claimable. Of a payee's
-- month that the former system paid (C-38) nothing is added, and what was booked on top is taken back.
DROP TABLE IF EXISTS pg_temp.difference;
CREATE TEMP TABLE difference ON COMMIT DROP AS
SELECT person_id, benefit_month, payee_id, component,
       coalesce(e.route, b.route) AS route,
       due.amount_cents - coalesce(b.amount_cents, 0) AS amount_cents,
       -- C-31, C-32: a rise is booked if the payee's month was booked before, or before 9/2023,
       -- or has been applied for and granted, or allocated by hand and granted (C-39).
       -- The run's own month is regular and always booked.
       benefit_month = %(month)s OR %(month)s < '2023-09-01'
       OR due.amount_cents < coalesce(b.amount_cents, 0)
       OR coalesce(before.payee_was_booked, false)
       OR coalesce(claim.is_granted, false) AS is_booked
FROM expected e
FULL JOIN booked b USING (person_id, benefit_month, payee_id, component)
LEFT JOIN former f USING (person_id, benefit_month, payee_id, component)
LEFT JOIN (
    SELECT person_id, benefit_month, payee_id, true AS was_paid FROM former
    GROUP BY person_id, benefit_month, payee_id HAVING sum(amount_cents) > 0
) formerly USING (person_id, benefit_month, payee_id)
CROSS JOIN LATERAL (
    SELECT CASE WHEN formerly.was_paid
                THEN least(greatest(coalesce(e.amount_cents, 0) - coalesce(f.amount_cents, 0), 0),
                           coalesce(b.amount_cents, 0))
                ELSE coalesce(e.amount_cents, 0) END AS amount_cents
) due
LEFT JOIN (
    SELECT DISTINCT person_id, benefit_month, payee_id, true AS payee_was_booked FROM booked
) before USING (person_id, benefit_month, payee_id)
LEFT JOIN (
    SELECT DISTINCT coalesce(j.person_id, settled.person_id) AS person_id,
           settled.benefit_month, settled.payee_id, true AS is_granted
    FROM (
        SELECT person_id, benefit_month, payee_id FROM payments_claim WHERE settled_by_id = %(run)s
        UNION ALL
        SELECT person_id, benefit_month, payee_id FROM payments_manualmonth
        WHERE settled_by_id = %(run)s
    ) settled
    LEFT JOIN joined j ON j.number_id = settled.person_id
) claim USING (person_id, benefit_month, payee_id)
WHERE due.amount_cents <> coalesce(b.amount_cents, 0);

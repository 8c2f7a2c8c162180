-- What a run comes to, once its partitions stand: proposals by the payee of the run month's
-- first day (C-33, C-34), counts by outcome, corrections by month, and the rates used.
WITH of_person AS (
    SELECT payee_id, person_id,
           sum(amount_cents) FILTER (WHERE kind = 'regular') AS regular_cents,
           sum(amount_cents) FILTER (WHERE kind = 'correction') AS correction_cents
    FROM payments_line
    WHERE run_id = %(run)s
    GROUP BY payee_id, person_id
),
of_payee AS MATERIALIZED (
    SELECT payee_id, count(regular_cents) AS persons,
           coalesce(sum(regular_cents), 0) AS regular_cents,
           coalesce(sum(correction_cents), 0) AS correction_cents
    FROM of_person GROUP BY payee_id
)
INSERT INTO payments_proposal (run_id, payee_id, persons, regular_cents, correction_cents)
SELECT %(run)s, s.payee_id, sum(persons), sum(regular_cents), sum(correction_cents)
FROM of_payee
JOIN registry_succession s
  ON s.organisation_id = of_payee.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
GROUP BY s.payee_id;

INSERT INTO payments_runoutcome (run_id, outcome, without_agreement, persons)
SELECT run_id, outcome, without_agreement, count(*)
FROM payments_assessment
WHERE run_id = %(run)s AND benefit_month = %(month)s
GROUP BY run_id, outcome, without_agreement;

INSERT INTO payments_runcorrection
    (run_id, benefit_month, persons, added_cents, removed_cents)
SELECT run_id, benefit_month, count(DISTINCT person_id),
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents > 0), 0),
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents < 0), 0)
FROM payments_line
WHERE run_id = %(run)s AND kind = 'correction'
GROUP BY run_id, benefit_month;

INSERT INTO payments_runrate (run_id, rate_id, last_benefit_month)
SELECT %(run)s, used.rate_id, max(used.benefit_month)
FROM (
    SELECT a.municipality_base_rate_id, a.municipality_adult_rate_id,
           a.county_base_rate_id, a.county_adult_rate_id, a.benefit_month
    FROM payments_assessment a
    WHERE a.run_id = %(run)s AND a.outcome = 'paid'
    GROUP BY 1, 2, 3, 4, 5
) a
CROSS JOIN LATERAL (VALUES
    (a.municipality_base_rate_id, a.benefit_month), (a.municipality_adult_rate_id, a.benefit_month),
    (a.county_base_rate_id, a.benefit_month), (a.county_adult_rate_id, a.benefit_month)
) AS used (rate_id, benefit_month)
WHERE used.rate_id IS NOT NULL
GROUP BY used.rate_id;

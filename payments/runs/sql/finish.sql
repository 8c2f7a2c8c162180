-- What a run comes to, once its partitions stand: sums by payee, rate and ground, corrections by
-- payee and cause, proposals (C-33, C-34), counts by outcome, and the rates used. One pass over
-- the assessments, two over the lines; pages read these sums, never the lines.
DROP TABLE IF EXISTS pg_temp.assessed, pg_temp.corrected, pg_temp.of_payee;
CREATE TEMP TABLE assessed ON COMMIT DROP AS
SELECT a.benefit_month, a.outcome, a.without_agreement, a."group", p.ground_id,
       a.municipality_id, a.county_id, a.municipality_base_rate_id, a.municipality_adult_rate_id,
       a.county_base_rate_id, a.county_adult_rate_id, count(*)::int AS persons
FROM payments_assessment a
LEFT JOIN registry_permit p ON p.id = a.permit_id AND a.outcome = 'paid'
WHERE a.run_id = %(run)s
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;

INSERT INTO payments_runoutcome (run_id, outcome, without_agreement, persons)
SELECT %(run)s, outcome, without_agreement, sum(persons)
FROM assessed WHERE benefit_month = %(month)s
GROUP BY outcome, without_agreement;

-- The regular lines: the run's own month has never been booked before, so each is a whole rate.
INSERT INTO payments_payeesum (run_id, payee_id, rate_id, ground_id, persons, cents)
SELECT %(run)s, part.payee_id, rate.id, ground_id, sum(persons), sum(persons) * rate.monthly_cents
FROM assessed
CROSS JOIN LATERAL (VALUES
    (municipality_id, municipality_base_rate_id), (municipality_id, municipality_adult_rate_id),
    (county_id, county_base_rate_id), (county_id, county_adult_rate_id)
) AS part (payee_id, rate_id)
JOIN payments_rate rate ON rate.id = part.rate_id
WHERE outcome = 'paid' AND benefit_month = %(month)s AND rate.monthly_cents > 0
GROUP BY part.payee_id, rate.id, ground_id;

CREATE TEMP TABLE corrected ON COMMIT DROP AS
SELECT payee_id, benefit_month, cause, person_id,
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents > 0), 0) AS added_cents,
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents < 0), 0) AS removed_cents
FROM payments_line
WHERE run_id = %(run)s AND kind = 'correction'
GROUP BY payee_id, benefit_month, cause, person_id;

INSERT INTO payments_payeecorrection
    (run_id, payee_id, benefit_month, cause, persons, added_cents, removed_cents)
SELECT %(run)s, payee_id, benefit_month, cause, count(*), sum(added_cents), sum(removed_cents)
FROM corrected
GROUP BY payee_id, benefit_month, cause;

INSERT INTO payments_runcorrection
    (run_id, benefit_month, persons, added_cents, removed_cents)
SELECT %(run)s, benefit_month, count(DISTINCT person_id), sum(added_cents), sum(removed_cents)
FROM corrected
GROUP BY benefit_month;

-- C-33, C-34: a proposal sums the lines themselves, by the payee of the run month's first day.
CREATE TEMP TABLE of_payee ON COMMIT DROP AS
SELECT payee_id,
       coalesce(sum(amount_cents) FILTER (WHERE kind = 'regular'), 0) AS regular_cents,
       coalesce(sum(amount_cents) FILTER (WHERE kind = 'correction'), 0) AS correction_cents
FROM payments_line
WHERE run_id = %(run)s
GROUP BY payee_id;

INSERT INTO payments_proposal (run_id, payee_id, persons, regular_cents, correction_cents)
SELECT %(run)s, s.payee_id, coalesce(sum(persons), 0), sum(regular_cents), sum(correction_cents)
FROM of_payee
LEFT JOIN (
    SELECT payee_id, sum(persons) AS persons
    FROM payments_payeesum JOIN payments_rate rate ON rate.id = rate_id
    WHERE run_id = %(run)s AND rate.component = 'base'
    GROUP BY payee_id
) paid USING (payee_id)
JOIN registry_succession s
  ON s.organisation_id = of_payee.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
GROUP BY s.payee_id;

INSERT INTO payments_runrate (run_id, rate_id, last_benefit_month)
SELECT %(run)s, used.rate_id, max(benefit_month)
FROM assessed
CROSS JOIN LATERAL (VALUES
    (municipality_base_rate_id), (municipality_adult_rate_id),
    (county_base_rate_id), (county_adult_rate_id)
) AS used (rate_id)
WHERE outcome = 'paid' AND used.rate_id IS NOT NULL
GROUP BY used.rate_id;

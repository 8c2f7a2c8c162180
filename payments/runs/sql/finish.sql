-- What a run comes to, once its partitions stand: proposals by the payee of the run month's
-- first day (C-33, C-34) and the rates used.
INSERT INTO payments_proposal (run_id, payee_id, persons, regular_cents, correction_cents)
SELECT %(run)s, payee_id, count(regular_cents), coalesce(sum(regular_cents), 0),
       coalesce(sum(correction_cents), 0)
FROM (
    SELECT s.payee_id, l.person_id,
           sum(l.amount_cents) FILTER (WHERE l.kind = 'regular') AS regular_cents,
           sum(l.amount_cents) FILTER (WHERE l.kind = 'correction') AS correction_cents
    FROM payments_line l
    JOIN registry_succession s
      ON s.organisation_id = l.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
    WHERE l.run_id = %(run)s
    GROUP BY s.payee_id, l.person_id
) of_person
GROUP BY payee_id;

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

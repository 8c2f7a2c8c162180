-- Expected lines (C-22, C-26): one for each payee and component with a rate, rounded by the rate.
CREATE TEMP TABLE expected ON COMMIT DROP AS
SELECT a.person_id, a.benefit_month, part.payee_id, part.component, part.route,
       rate.monthly_cents AS amount_cents
FROM assessment a
CROSS JOIN LATERAL (VALUES
    (a.municipality_id, 'base', a.municipality_route, a.municipality_base_rate_id),
    (a.municipality_id, 'adult', a.municipality_route, a.municipality_adult_rate_id),
    (a.county_id, 'base', a.county_route, a.county_base_rate_id),
    (a.county_id, 'adult', a.county_route, a.county_adult_rate_id)
) AS part (payee_id, component, route, rate_id)
JOIN payments_rate rate ON rate.id = part.rate_id
WHERE a.outcome = 'paid' AND rate.monthly_cents > 0;

-- Payees and rates (C-21 … C-27): who is paid for the person-month and by which rates.
-- `booked_route` (person_id, day, payee_id, route, at_reduced_rates) names the months paid through
-- a claim, or applied for when the reduced rates were in force (C-32). Others have the route of the fact they rest on (C-39).

-- C-23, C-24: the rates in force on each day, by region, route and completed years.
CREATE TEMP TABLE rate_on_day ON COMMIT DROP AS
SELECT day.day, region.in_aland, route.is_reduced, age.age,
       max(r.id) FILTER (WHERE r.payee_kind = 'municipality' AND r.component = 'base')
           AS municipality_base_rate_id,
       max(r.id) FILTER (WHERE r.payee_kind = 'municipality' AND r.component = 'adult')
           AS municipality_adult_rate_id,
       max(r.id) FILTER (WHERE r.payee_kind <> 'municipality' AND r.component = 'base')
           AS county_base_rate_id,
       max(r.id) FILTER (WHERE r.payee_kind <> 'municipality' AND r.component = 'adult')
           AS county_adult_rate_id
FROM (SELECT DISTINCT day FROM work) day
CROSS JOIN (VALUES ('mainland', false), ('aland', true)) AS region (region, in_aland)
CROSS JOIN (VALUES ('automatic', false), ('reduced', true)) AS route (route, is_reduced)
CROSS JOIN generate_series(0, 120) AS age (age)
JOIN payments_rate r
  ON r.benefit = 'calculated' AND r.route = route.route AND r.region IN ('any', region.region)
 AND age.age BETWEEN r.min_age AND coalesce(r.max_age, 120)
 AND day.day BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
GROUP BY day.day, region.in_aland, route.is_reduced, age.age;
ANALYZE rate_on_day;

-- C-27: days without an agreement, for municipalities that have agreement records at all.
CREATE TEMP TABLE without_agreement ON COMMIT DROP AS
SELECT recorded.municipality_id, day.day
FROM (
    SELECT municipality_id,
           range_agg(daterange(valid_from, valid_to, '[]')) AS in_force
    FROM registry_agreement
    WHERE brought_by_id <= %(known_at)s AND (closed_by_id IS NULL OR closed_by_id > %(known_at)s)
    GROUP BY municipality_id
) recorded
CROSS JOIN (SELECT DISTINCT day FROM work) day
WHERE NOT recorded.in_force @> day.day;

-- C-21, C-22: the municipality or its successor, and its county, or ÅHS in Åland.
CREATE TEMP TABLE payees_of ON COMMIT DROP AS
SELECT s.organisation_id, s.from_day, s.to_day, m.id AS municipality_id, m.in_aland,
       coalesce(m.county_id, aland_health.id) AS county_id
FROM registry_succession s
JOIN registry_organisation m ON m.id = s.payee_id
LEFT JOIN registry_organisation aland_health
       ON m.in_aland AND aland_health.kind = 'aland_health'
WHERE m.kind = 'municipality';
ANALYZE payees_of;

-- C-25: the adult component in the twelve months from the first first-of-month on or after the
-- later of the clock's start and the 18th birthday.
CREATE TEMP TABLE payee ON COMMIT DROP AS
SELECT o.person_id, o.day, m.municipality_id, m.county_id, age.years AS age,
       adult.first_month AS adult_from, lacking.day IS NOT NULL AS without_agreement,
       coalesce(to_municipality.route, own.route) AS municipality_route,
       coalesce(to_county.route, own.route) AS county_route,
       CASE WHEN lacking.day IS NULL THEN mr.municipality_base_rate_id END
           AS municipality_base_rate_id,
       CASE WHEN lacking.day IS NULL AND adult.now THEN mr.municipality_adult_rate_id END
           AS municipality_adult_rate_id,
       cr.county_base_rate_id,
       CASE WHEN adult.now THEN cr.county_adult_rate_id END AS county_adult_rate_id
FROM outcome o
JOIN payees_of m
  ON m.organisation_id = o.municipality_id AND o.day BETWEEN m.from_day AND m.to_day
LEFT JOIN without_agreement lacking
       ON lacking.municipality_id = m.municipality_id AND lacking.day = o.day
LEFT JOIN booked_route to_municipality
       ON to_municipality.person_id = o.person_id AND to_municipality.day = o.day
      AND to_municipality.payee_id = m.municipality_id
LEFT JOIN booked_route to_county
       ON to_county.person_id = o.person_id AND to_county.day = o.day
      AND to_county.payee_id = m.county_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN o.manual_residence_id IS NULL THEN 'automatic' ELSE 'manual' END AS route
) own
CROSS JOIN LATERAL (
    SELECT least(extract(year FROM age(o.day, o.birth_date))::int, 120)
           - (o.birth_date > o.day)::int AS years  -- before birth less than none: no rate
) age
CROSS JOIN LATERAL (
    SELECT first_month, o.day >= first_month AND o.day < first_month + interval '12 months' AS now
    FROM (SELECT (date_trunc('month', greatest(o.clock_start, o.birth_date + interval '18 years')
                  - interval '1 day') + interval '1 month')::date) AS first (first_month)
) adult
LEFT JOIN rate_on_day mr
       ON mr.day = o.day AND mr.in_aland = m.in_aland AND mr.age = age.years
      AND mr.is_reduced = coalesce(to_municipality.at_reduced_rates, to_municipality.route = 'reduced', false)
LEFT JOIN rate_on_day cr
       ON cr.day = o.day AND cr.in_aland = m.in_aland AND cr.age = age.years
      AND cr.is_reduced = coalesce(to_county.at_reduced_rates, to_county.route = 'reduced', false)
WHERE o.outcome = 'paid';

CREATE TEMP TABLE assessment ON COMMIT DROP AS
SELECT o.person_id, o.day AS benefit_month, o.outcome,
       coalesce(p.without_agreement, false) AS without_agreement,
       coalesce(p.municipality_route, 'automatic') AS municipality_route,
       coalesce(p.county_route, 'automatic') AS county_route,
       o.details_id, o.population_record_id, o.residence_id, o.manual_residence_id,
       o.permit_id, o.basis_permit_id, o.clock_residence_id, o.clock_manual_residence_id, o."group", o.clock_start, o.clock_end, o.clock_parent_id,
       p.municipality_id, p.county_id, p.municipality_base_rate_id, p.municipality_adult_rate_id,
       p.county_base_rate_id, p.county_adult_rate_id
FROM outcome o
LEFT JOIN payee p ON p.person_id = o.person_id AND p.day = o.day;

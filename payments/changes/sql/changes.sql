-- What each person changes of a payee's sum between last month's regular lines and this month's:
-- person_id, payee_id, kind, cents. Three assessments are compared: of last month as its run
-- booked it (before), of last month as known now (known; the same unless this run looked at it
-- again), of this month (now). before -> known was known late; known -> now is whatever happened.
-- `touched` (less what was paid before) marks whose sum for a payee did not stay as it was.
WITH successor AS MATERIALIZED (
    SELECT organisation_id, payee_id FROM registry_succession
    WHERE %(month)s BETWEEN from_day AND to_day
),
before AS (
    SELECT person_id, without_agreement, municipality_id, municipality_base_rate_id,
           municipality_adult_rate_id, county_id, county_base_rate_id, county_adult_rate_id
    FROM payments_assessment
    WHERE run_id = %(last)s AND benefit_month = %(last_month)s AND outcome = 'paid' {persons}
),
again AS (
    SELECT person_id, without_agreement, municipality_id, municipality_base_rate_id,
           municipality_adult_rate_id, county_id, county_base_rate_id, county_adult_rate_id
    FROM payments_assessment
    WHERE run_id = %(run)s AND benefit_month = %(last_month)s {persons}
),
now AS (
    SELECT person_id, without_agreement, municipality_id, municipality_base_rate_id,
           municipality_adult_rate_id, county_id, county_base_rate_id, county_adult_rate_id
    FROM payments_assessment
    WHERE run_id = %(run)s AND benefit_month = %(month)s AND outcome = 'paid' {persons}
),
changed AS MATERIALIZED (
    SELECT person_id, again.person_id IS NOT NULL AS is_again,
           before.without_agreement AS before_without, before.municipality_id AS before_m,
           before.municipality_base_rate_id AS before_mb,
           before.municipality_adult_rate_id AS before_ma, before.county_id AS before_c,
           before.county_base_rate_id AS before_cb, before.county_adult_rate_id AS before_ca,
           again.without_agreement AS again_without, again.municipality_id AS again_m,
           again.municipality_base_rate_id AS again_mb,
           again.municipality_adult_rate_id AS again_ma, again.county_id AS again_c,
           again.county_base_rate_id AS again_cb, again.county_adult_rate_id AS again_ca,
           now.without_agreement AS now_without, now.municipality_id AS now_m,
           now.municipality_base_rate_id AS now_mb, now.municipality_adult_rate_id AS now_ma,
           now.county_id AS now_c, now.county_base_rate_id AS now_cb,
           now.county_adult_rate_id AS now_ca
    FROM before FULL JOIN now USING (person_id) FULL JOIN again USING (person_id)
    WHERE again.person_id IS NOT NULL
       OR (before.municipality_id, before.municipality_base_rate_id,
           before.municipality_adult_rate_id, before.county_id, before.county_base_rate_id,
           before.county_adult_rate_id)
          IS DISTINCT FROM
          (now.municipality_id, now.municipality_base_rate_id, now.municipality_adult_rate_id,
           now.county_id, now.county_base_rate_id, now.county_adult_rate_id)
),
slot AS (
    SELECT person_id, of_payee.before_payee_id, before_base_id, before_adult_id,
           CASE WHEN is_again THEN again_payee_id ELSE before_payee_id END AS known_payee_id,
           CASE WHEN is_again THEN again_base_id ELSE before_base_id END AS known_base_id,
           CASE WHEN is_again THEN again_adult_id ELSE before_adult_id END AS known_adult_id,
           now_payee_id, now_base_id, now_adult_id,
           is_municipality
           AND now_without <> CASE WHEN is_again THEN again_without ELSE before_without END
               AS agreement_changed
    FROM changed
    CROSS JOIN LATERAL (VALUES
        (true, before_m, before_mb, before_ma, again_m, again_mb, again_ma, now_m, now_mb, now_ma),
        (false, before_c, before_cb, before_ca, again_c, again_cb, again_ca, now_c, now_cb, now_ca)
    ) AS of_payee (is_municipality, before_payee_id, before_base_id, before_adult_id,
                   again_payee_id, again_base_id, again_adult_id,
                   now_payee_id, now_base_id, now_adult_id)
),
priced AS (
    SELECT person_id, agreement_changed,
           before_payee.payee_id AS before_payee_id, known_payee.payee_id AS known_payee_id,
           now_payee_id, known_base_id, now_base_id, known_adult_id, now_adult_id,
           known_base.min_age <> now_base.min_age AS age_changed,
           coalesce(before_base.monthly_cents, 0) + coalesce(before_adult.monthly_cents, 0)
               AS before_cents,
           coalesce(known_base.monthly_cents, 0) AS known_base_cents,
           coalesce(known_adult.monthly_cents, 0) AS known_adult_cents,
           coalesce(now_base.monthly_cents, 0) AS now_base_cents,
           coalesce(now_adult.monthly_cents, 0) AS now_adult_cents
    FROM slot
    LEFT JOIN successor before_payee ON before_payee.organisation_id = before_payee_id
    LEFT JOIN successor known_payee ON known_payee.organisation_id = known_payee_id
    LEFT JOIN payments_rate before_base ON before_base.id = before_base_id
    LEFT JOIN payments_rate before_adult ON before_adult.id = before_adult_id
    LEFT JOIN payments_rate known_base ON known_base.id = known_base_id
    LEFT JOIN payments_rate known_adult ON known_adult.id = known_adult_id
    LEFT JOIN payments_rate now_base ON now_base.id = now_base_id
    LEFT JOIN payments_rate now_adult ON now_adult.id = now_adult_id
)
SELECT person_id, step.payee_id,
       CASE WHEN step.kind <> 'late' THEN step.kind
            WHEN sum(step.cents) > 0 THEN 'late_in' ELSE 'late_out' END AS kind,
       sum(step.cents)::int AS cents
FROM priced
CROSS JOIN LATERAL (VALUES
    ('late', before_payee_id, -before_cents),
    ('late', known_payee_id, known_base_cents + known_adult_cents),
    (CASE WHEN now_payee_id IS NULL THEN 'left'
          WHEN now_payee_id <> known_payee_id THEN 'moved_away' END,
     known_payee_id, -known_base_cents - known_adult_cents),
    (CASE WHEN now_payee_id <> known_payee_id THEN 'moved_in' END,
     now_payee_id, known_base_cents + known_adult_cents),
    (CASE WHEN known_payee_id IS NULL THEN 'new' END,
     now_payee_id, now_base_cents + now_adult_cents),
    (CASE WHEN known_payee_id IS NULL OR now_payee_id IS NULL THEN NULL
          WHEN agreement_changed THEN 'agreement'
          WHEN age_changed THEN 'age' ELSE 'rate' END,
     now_payee_id, now_base_cents - known_base_cents),
    (CASE WHEN known_payee_id IS NULL OR now_payee_id IS NULL THEN NULL
          WHEN agreement_changed THEN 'agreement'
          WHEN known_adult_id IS NULL THEN 'adult_begins'
          WHEN now_adult_id IS NULL THEN 'adult_ends' ELSE 'rate' END,
     now_payee_id, now_adult_cents - known_adult_cents),
    (CASE WHEN (before_payee_id, before_cents)
               IS DISTINCT FROM (now_payee_id, now_base_cents + now_adult_cents)
            OR (before_payee_id, before_cents)
               IS DISTINCT FROM (known_payee_id, known_base_cents + known_adult_cents)
          THEN 'touched' END,
     before_payee_id, -before_cents)
) AS step (kind, payee_id, cents)
WHERE step.kind IS NOT NULL AND step.payee_id IS NOT NULL
GROUP BY person_id, step.payee_id, step.kind
HAVING sum(step.cents) <> 0

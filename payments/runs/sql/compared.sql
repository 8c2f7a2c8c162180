-- For each payee of a corrected person-month: the assessment that the ledger rests on (before)
-- beside the run's own (now), in the form that `cause` reads.
DROP TABLE IF EXISTS pg_temp.compared;
CREATE TEMP TABLE compared ON COMMIT DROP AS
WITH corrected AS MATERIALIZED (
    SELECT DISTINCT person_id, benefit_month, payee_id FROM difference
    WHERE is_booked AND benefit_month < %(month)s
),
before AS MATERIALIZED (
    SELECT DISTINCT ON (person_id, benefit_month) a.*
    FROM (SELECT DISTINCT person_id, benefit_month FROM corrected) again
    JOIN payments_assessment a USING (person_id, benefit_month)
    WHERE a.run_id = ANY (%(ledger)s)
    ORDER BY person_id, benefit_month, a.run_id DESC
)
SELECT person_id, benefit_month, payee_id,
       before.outcome AS before_outcome, now.outcome AS now_outcome,
       coalesce(payee_id IN (before.municipality_id, before.county_id), false) AS was_payee,
       coalesce(payee_id IN (now.municipality_id, now.county_id), false) AS is_payee,
       before.manual_residence_id IS NOT NULL AS before_manual,
       now.manual_residence_id IS NOT NULL AS now_manual,
       payee_id = now.municipality_id
       AND before.without_agreement <> now.without_agreement AS agreement_changed,
       CASE payee_id WHEN before.municipality_id THEN before.municipality_base_rate_id
                     WHEN before.county_id THEN before.county_base_rate_id END AS before_base_id,
       CASE payee_id WHEN now.municipality_id THEN now.municipality_base_rate_id
                     WHEN now.county_id THEN now.county_base_rate_id END AS now_base_id,
       CASE payee_id WHEN before.municipality_id THEN before.municipality_adult_rate_id
                     WHEN before.county_id THEN before.county_adult_rate_id END AS before_adult_id,
       CASE payee_id WHEN now.municipality_id THEN now.municipality_adult_rate_id
                     WHEN now.county_id THEN now.county_adult_rate_id END AS now_adult_id
FROM corrected
JOIN assessment now USING (person_id, benefit_month)
LEFT JOIN before USING (person_id, benefit_month);

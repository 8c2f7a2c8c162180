-- Why two assessments give a payee different sums: the first cause that holds. Reads `compared`,
-- leaves `cause`, one row each. The causes are `payments.ledger.causes.Cause`.
DROP TABLE IF EXISTS pg_temp.cause;
CREATE TEMP TABLE cause ON COMMIT DROP AS
SELECT person_id, benefit_month, payee_id,
       CASE
           WHEN person_id = ANY (%(relinked)s::bigint[]) THEN 'joined'
           WHEN EXISTS (SELECT FROM former f
                        WHERE (f.person_id, f.benefit_month, f.payee_id)
                            = (compared.person_id, compared.benefit_month, compared.payee_id))
               THEN 'former'
           -- Paid to this payee before and now: by other figures.
           WHEN was_payee AND is_payee THEN CASE
               WHEN agreement_changed THEN 'agreement'
               WHEN was.min_age <> is_now.min_age THEN 'age'
               WHEN before_base_id IS DISTINCT FROM now_base_id THEN 'rate'
               WHEN (before_adult_id IS NULL) <> (now_adult_id IS NULL) THEN 'adult'
               WHEN before_adult_id <> now_adult_id THEN 'rate'
               ELSE 'other' END
           -- Paid before and now, one time to another payee.
           WHEN was_payee AND now_outcome = 'paid' THEN 'moved_away'
           WHEN is_payee AND before_outcome = 'paid' THEN 'moved_in'
           -- Paid one time only, by a decided allocation (C-39).
           WHEN was_payee AND before_manual OR is_payee AND now_manual THEN 'manual'
           -- Paid one time only: by the fact that stands or stood in the way.
           WHEN was_payee OR is_payee THEN CASE coalesce(nullif(now_outcome, 'paid'), before_outcome)
               WHEN 'deceased' THEN 'death'
               WHEN 'finnish_citizen' THEN 'citizenship'
               WHEN 'no_identity_code' THEN 'identity_code'
               WHEN 'no_home_municipality' THEN
                   CASE WHEN was_payee THEN 'no_home' ELSE 'registered_late' END
               WHEN 'time_used_up' THEN 'time'
               ELSE CASE WHEN was_payee THEN 'permit_ended' ELSE 'late_permit' END END
           ELSE 'other'
       END AS cause
FROM compared
LEFT JOIN payments_rate was ON was.id = before_base_id
LEFT JOIN payments_rate is_now ON is_now.id = now_base_id;

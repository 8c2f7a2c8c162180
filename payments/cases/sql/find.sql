-- The cases that the approved run %(run)s finds (P-08): persons without an identity code (C-05).
-- Those whose code is known by now, under whichever of their numbers, are the automatic run's.
WITH joined AS MATERIALIZED (
    SELECT link.number_id, link.person_id
    FROM payments_runlink known JOIN registry_personlink link ON link.id = known.link_id
    WHERE known.run_id = %(run)s
)
UPDATE payments_manualcase SET closed_as = 'code'
FROM payments_manualcase c
LEFT JOIN joined j ON j.number_id = c.person_id
JOIN payments_run r ON r.id = %(run)s
JOIN payments_assessment a
  ON a.run_id = r.id AND a.benefit_month = r.month
 AND a.person_id = coalesce(j.person_id, c.person_id)
WHERE payments_manualcase.id = c.id AND c.proposal_id IS NULL AND c.closed_as = ''
  AND EXISTS (
      SELECT FROM registry_persondetails d
      WHERE (d.person_id = a.person_id
             OR d.person_id IN (SELECT number_id FROM joined WHERE person_id = a.person_id))
        AND d.identity_id IS NOT NULL AND d.brought_by_id <= r.delivery_id
        AND (d.closed_by_id IS NULL OR d.closed_by_id > r.delivery_id)
  );

UPDATE payments_manualcase c SET last_month = %(month)s
FROM payments_assessment a
WHERE a.run_id = %(run)s AND a.benefit_month = %(month)s AND a.outcome = 'no_identity_code'
  AND c.person_id = a.person_id AND c.proposal_id IS NULL AND c.closed_as = ''
  AND c.is_authoritys = %(is_authoritys)s AND c.last_month < %(month)s;

-- From the first month without a code that no case has, by whichever run.
INSERT INTO payments_manualcase (
    person_id, is_authoritys, first_month, last_month, opened_by_id, opened_on,
    stated_uma_number, stated_permit_number, stated_family_name, stated_given_names,
    stated_evidence, refused_because, matched_because, closed_as)
SELECT found.person_id, %(is_authoritys)s, min(a.benefit_month), %(month)s, %(run)s, %(today)s,
       '', '', '', '', '', '', '', ''
FROM (
    SELECT person_id FROM payments_assessment
    WHERE run_id = %(run)s AND benefit_month = %(month)s AND outcome = 'no_identity_code'
) found
LEFT JOIN (
    SELECT c.person_id, max(c.last_month) AS last_month
    FROM payments_manualcase c
    LEFT JOIN payments_manualproposal p ON p.id = c.proposal_id
    WHERE c.closed_as = '' AND p.status IS DISTINCT FROM 'withdrawn'
    GROUP BY c.person_id
) had USING (person_id)
JOIN payments_assessment a
  ON a.run_id = ANY (%(ledger)s) AND a.person_id = found.person_id
 AND a.outcome = 'no_identity_code' AND a.benefit_month > coalesce(had.last_month, '-infinity')
 AND (%(is_authoritys)s OR a.benefit_month >= %(applied_for_from)s)
GROUP BY found.person_id
ON CONFLICT (person_id, is_authoritys) WHERE proposal_id IS NULL AND closed_as = '' DO NOTHING;

-- Who else claims the same person: sent applications of the same kind of recipient, over all rounds,
-- years and supports (G-04, G-11). The applicant learns that, not by whom; of a person under
-- non-disclosure not even that, unless all of it is their own (P-11).
WITH one AS MATERIALIZED (
    SELECT a.id AS application_id, a.replaces_id, a.applicant_id, a.round_id, a.support, o.kind
    FROM grants_personlist l
    JOIN grants_application a ON a.id = l.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    WHERE l.id = %(list)s
), sent AS MATERIALIZED (
    SELECT l.id AS list_id, a.applicant_id <> one.applicant_id AS is_anothers,
           CASE
               WHEN a.support <> one.support THEN 'both_supports'
               WHEN a.applicant_id <> one.applicant_id AND a.round_id = one.round_id
                   THEN 'claimed_elsewhere'
               ELSE 'claimed_earlier'
           END AS code
    FROM grants_personlist l
    JOIN grants_application a ON a.id = l.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    CROSS JOIN one
    WHERE l.is_current AND a.submitted_at IS NOT NULL
      AND a.status NOT IN ('withdrawn', 'replaced')
      AND o.kind = one.kind AND a.id <> one.application_id
      AND a.id IS DISTINCT FROM one.replaces_id
), told AS (
    SELECT r.id, s.code, s.is_anothers
    FROM looked_at r
    JOIN grants_listrow c ON c.uma_number = r.uma_number AND c.uma_number <> ''
    JOIN sent s USING (list_id)
    WHERE NOT c.is_removed
    UNION ALL
    SELECT r.id, s.code, s.is_anothers
    FROM looked_at r
    JOIN grants_listrow c ON c.unhcr_number = r.unhcr_number AND c.unhcr_number <> ''
    JOIN sent s USING (list_id)
    WHERE NOT c.is_removed
    UNION ALL
    SELECT r.id, s.code, s.is_anothers
    FROM looked_at r JOIN grants_listrow c ON c.person_id = r.person_id
    JOIN sent s USING (list_id)
    WHERE NOT c.is_removed
), protected AS (
    SELECT r.id FROM looked_at r
    JOIN registry_persondetails d ON d.person_id = r.person_id AND d.closed_by_id IS NULL
    JOIN registry_populationrecord v ON v.identity_id = d.identity_id AND v.closed_by_id IS NULL
    WHERE v.non_disclosure
)
INSERT INTO grants_rowfinding (list_id, row_id, code, "column", is_hidden)
SELECT %(list)s, r.id, t.code, r.place,
       bool_and(t.is_anothers) AND EXISTS (SELECT FROM protected p WHERE p.id = r.id)
FROM told t JOIN looked_at r USING (id)
GROUP BY r.id, t.code, r.place

-- Faults of a row that the list, its round and its applicant tell: errors (G-05, G-06, G-10, G-11).
WITH one AS MATERIALIZED (
    SELECT l.id, g.id AS round_id, g.support, g.arrivals_from, g.arrivals_to,
           o.id AS applicant_id, o.kind, o.in_aland
    FROM grants_personlist l
    JOIN grants_application a ON a.id = l.application_id
    JOIN grants_round g ON g.id = a.round_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    WHERE l.id = %(list)s
), own AS MATERIALIZED (
    -- municipalities whose arrivals the applicant applies for (G-01, G-04)
    SELECT m.id
    FROM registry_organisation m
    LEFT JOIN registry_organisation s ON s.id = m.merged_into_id
    CROSS JOIN one
    WHERE m.kind = 'municipality' AND CASE one.kind
        WHEN 'municipality' THEN one.applicant_id IN (m.id, m.merged_into_id)
        WHEN 'county' THEN one.applicant_id IN (m.county_id, s.county_id)
        ELSE m.in_aland END
), grounds AS MATERIALIZED (
    SELECT g.ground_id FROM grants_roundground g JOIN one ON g.round_id = one.round_id
), same AS MATERIALIZED (
    -- rows of the whole list, for one person may be among them twice
    SELECT r.id, r.uma_number, r.unhcr_number, r.person_id FROM grants_listrow r
    WHERE r.list_id = %(list)s AND NOT r.is_removed
), twice AS MATERIALIZED (
    -- by either identifier, or as one person of the register
    SELECT unnest(array_agg(s.id)) AS id
    FROM same s WHERE s.uma_number <> '' GROUP BY s.uma_number HAVING count(*) > 1
    UNION
    SELECT unnest(array_agg(s.id))
    FROM same s WHERE s.unhcr_number <> '' GROUP BY s.unhcr_number HAVING count(*) > 1
    UNION
    SELECT unnest(array_agg(s.id))
    FROM same s WHERE s.person_id IS NOT NULL GROUP BY s.person_id HAVING count(*) > 1
), found AS (
    SELECT r.id, 'missing_identifier' AS code, 'uma_number' AS place
    FROM looked_at r WHERE r.uma_number = '' AND r.unhcr_number = ''
    UNION ALL
    SELECT r.id, 'identifier_form', 'uma_number'
    FROM looked_at r WHERE r.uma_number <> '' AND length(r.uma_number) NOT BETWEEN 3 AND 40
    UNION ALL
    SELECT r.id, 'identifier_form', 'unhcr_number'
    FROM looked_at r WHERE r.unhcr_number <> '' AND length(r.unhcr_number) NOT BETWEEN 3 AND 40
    UNION ALL
    SELECT r.id, 'date_unreadable', 'birth_date' FROM looked_at r WHERE r.birth_date IS NULL
    UNION ALL
    SELECT r.id, 'date_unreadable', 'moved_in' FROM looked_at r WHERE r.moved_in IS NULL
    UNION ALL
    SELECT r.id, 'birth_after_move', 'birth_date' FROM looked_at r WHERE r.birth_date > r.moved_in
    UNION ALL
    SELECT r.id, 'nationality_unknown', 'nationality' FROM looked_at r WHERE r.nationality = ''
    UNION ALL
    SELECT r.id, 'municipality_unknown', 'municipality'
    FROM looked_at r WHERE r.municipality_id IS NULL
    UNION ALL
    SELECT r.id, 'not_own_municipality', 'municipality'
    FROM looked_at r
    WHERE r.municipality_id IS NOT NULL AND r.municipality_id NOT IN (SELECT id FROM own)
    UNION ALL
    SELECT r.id, 'moved_outside', 'moved_in'
    FROM looked_at r, one WHERE r.moved_in NOT BETWEEN one.arrivals_from AND one.arrivals_to
    UNION ALL
    SELECT r.id, 'ground_unknown', 'ground'
    FROM looked_at r, one WHERE one.support = 'lisaosa' AND r.ground_id IS NULL
    UNION ALL
    -- temporary protection (110) never is, whatever the round says (G-06)
    SELECT r.id, 'ground_not_in_round', 'ground'
    FROM looked_at r
    WHERE r.ground_id = '110' OR r.ground_id NOT IN (SELECT g.ground_id FROM grounds g)
    UNION ALL
    SELECT r.id, 'quota_year_missing', 'quota_year'
    FROM looked_at r, one WHERE one.support = 'kiireellinen' AND r.quota_year IS NULL
    UNION ALL
    SELECT r.id, 'same_person_twice', r.place
    FROM looked_at r WHERE r.id IN (SELECT t.id FROM twice t)
)
INSERT INTO grants_rowfinding (list_id, row_id, code, "column", is_hidden)
SELECT %(list)s, id, code, place, false FROM found

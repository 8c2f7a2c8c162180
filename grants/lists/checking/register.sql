-- Where a row and the register, as known now, say different things: warnings (G-04, G-11).
--
-- Of a person under non-disclosure the applicant is not told what shows where they live or lived
-- (P-11): hidden. And so that a list is no way of asking the register: homes are compared only for
-- the applicant's own municipalities, and a person who is in the list twice not at all.
WITH one AS MATERIALIZED (
    SELECT o.kind FROM grants_personlist l
    JOIN grants_application a ON a.id = l.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    WHERE l.id = %(list)s
), towns AS MATERIALIZED (
    -- a merged municipality is its successor (C-33)
    SELECT m.id, coalesce(m.merged_into_id, m.id) AS home, coalesce(s.county_id, m.county_id) AS county
    FROM registry_organisation m
    LEFT JOIN registry_organisation s ON s.id = m.merged_into_id
), facts AS MATERIALIZED (
    -- rows whose person the register knows, with what it says
    SELECT r.id, r.person_id, r.ground_id, r.moved_in, m.home, m.county, d.identity_id,
           d.birth_date <> r.birth_date AS born_otherwise,
           r.nationality <> '' AND d.nationality <> r.nationality AS of_another_country,
           coalesce(v.non_disclosure, false) AS is_protected
    FROM looked_at r
    LEFT JOIN towns m ON m.id = r.municipality_id
    JOIN registry_persondetails d ON d.person_id = r.person_id AND d.closed_by_id IS NULL
    LEFT JOIN registry_populationrecord v
      ON v.identity_id = d.identity_id AND v.closed_by_id IS NULL
    WHERE r.id NOT IN (
        SELECT t.row_id FROM grants_rowfinding t
        WHERE t.list_id = %(list)s AND t.code = 'same_person_twice')
), lived AS MATERIALIZED (
    -- whether they lived in the claimed home, moved in on that day, and had it as the first of all
    SELECT f.id,
           bool_or(m.home = f.home) AS has,
           bool_or(m.home = f.home AND e.moved_in = f.moved_in) AS is_same_day,
           min(e.moved_in) = min(e.moved_in) FILTER (
               WHERE CASE one.kind WHEN 'county' THEN m.county = f.county ELSE m.home = f.home END
           ) AS is_first
    FROM facts f
    CROSS JOIN one
    JOIN registry_residence e ON e.identity_id = f.identity_id AND e.closed_by_id IS NULL
    JOIN towns m ON m.id = e.municipality_id
    GROUP BY f.id
), homes AS MATERIALIZED (
    SELECT f.id, f.moved_in, f.is_protected, coalesce(l.has, false) AS has,
           coalesce(l.is_same_day, false) AS is_same_day, coalesce(l.is_first, false) AS is_first
    FROM facts f
    LEFT JOIN lived l USING (id)
    WHERE f.home IS NOT NULL AND f.id NOT IN (
        SELECT t.row_id FROM grants_rowfinding t
        WHERE t.list_id = %(list)s AND t.code = 'not_own_municipality')
), found AS (
    SELECT r.id, 'not_in_register' AS code, r.place, false AS is_hidden
    FROM looked_at r
    WHERE r.person_id IS NULL AND (r.uma_number <> '' OR r.unhcr_number <> '')
      AND length(coalesce(nullif(r.uma_number, ''), r.unhcr_number)) BETWEEN 3 AND 40
    UNION ALL
    SELECT f.id, 'birth_date_differs', 'birth_date', false FROM facts f WHERE f.born_otherwise
    UNION ALL
    SELECT f.id, 'nationality_differs', 'nationality', false FROM facts f WHERE f.of_another_country
    UNION ALL
    SELECT f.id, 'ground_differs', 'ground', false
    FROM facts f
    WHERE f.ground_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_permit p
        WHERE p.person_id = f.person_id AND p.ground_id = f.ground_id AND p.closed_by_id IS NULL)
    UNION ALL
    SELECT h.id, 'municipality_differs', 'municipality', h.is_protected
    FROM homes h WHERE NOT h.has
    UNION ALL
    SELECT h.id, 'not_first_home', 'municipality', h.is_protected
    FROM homes h WHERE h.has AND NOT h.is_first
    UNION ALL
    SELECT h.id, 'moved_in_differs', 'moved_in', h.is_protected
    FROM homes h WHERE h.has AND h.is_first AND h.moved_in IS NOT NULL AND NOT h.is_same_day
    UNION ALL
    SELECT r.id, 'unhcr_form', 'unhcr_number', false
    FROM looked_at r
    WHERE r.unhcr_number <> '' AND r.unhcr_number !~ %(unhcr_form)s
      AND (r.person_id IS NULL OR r.uma_number <> '')
      AND length(r.unhcr_number) BETWEEN 3 AND 40
)
INSERT INTO grants_rowfinding (list_id, row_id, code, "column", is_hidden)
SELECT %(list)s, id, code, place, is_hidden FROM found

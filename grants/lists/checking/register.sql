-- Where a row and the register, as known now, say different things: warnings (G-04, G-11).
--
-- Of a person under non-disclosure the applicant is not told what shows where they live or lived
-- (P-11): hidden. And so that a list is no way of asking the register: homes are compared only for
-- the applicant's own municipalities, and a person who is in the list twice not at all.
WITH rows AS MATERIALIZED (
    SELECT r.*, coalesce(m.merged_into_id, m.id) AS home, coalesce(s.county_id, m.county_id) AS county
    FROM grants_listrow r
    LEFT JOIN registry_organisation m ON m.id = r.municipality_id
    LEFT JOIN registry_organisation s ON s.id = m.merged_into_id
    WHERE r.list_id = %(list)s AND NOT r.is_removed
      AND (%(rows)s::bigint[] IS NULL OR r.id = ANY (%(rows)s))
), one AS MATERIALIZED (
    SELECT o.kind FROM grants_personlist l
    JOIN grants_application a ON a.id = l.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    WHERE l.id = %(list)s
), facts AS MATERIALIZED (
    SELECT r.id, d.birth_date, d.nationality, d.identity_id,
           coalesce(v.non_disclosure, false) AS is_protected
    FROM rows r
    JOIN registry_persondetails d ON d.person_id = r.person_id AND d.closed_by_id IS NULL
    LEFT JOIN registry_populationrecord v
      ON v.identity_id = d.identity_id AND v.closed_by_id IS NULL
    WHERE NOT EXISTS (
        SELECT FROM grants_rowfinding t WHERE t.row_id = r.id AND t.code = 'same_person_twice')
), homes AS MATERIALIZED (
    SELECT f.id, e.moved_in, coalesce(m.merged_into_id, m.id) AS home,
           coalesce(s.county_id, m.county_id) AS county,
           row_number() OVER (PARTITION BY f.id ORDER BY e.moved_in) = 1 AS is_first
    FROM facts f
    JOIN registry_residence e ON e.identity_id = f.identity_id AND e.closed_by_id IS NULL
    JOIN registry_organisation m ON m.id = e.municipality_id
    LEFT JOIN registry_organisation s ON s.id = m.merged_into_id
), lived AS MATERIALIZED (
    -- what the register says of the claimed home
    SELECT r.id, count(h.id) > 0 AS has,
           coalesce(bool_or(h.moved_in = r.moved_in), false) AS is_same_day
    FROM rows r LEFT JOIN homes h ON h.id = r.id AND h.home = r.home
    WHERE r.person_id IS NOT NULL AND r.home IS NOT NULL AND NOT EXISTS (
        SELECT FROM grants_rowfinding t WHERE t.row_id = r.id AND t.code = 'not_own_municipality')
    GROUP BY r.id
), firsts AS MATERIALIZED (
    SELECT r.id, coalesce(
               CASE one.kind WHEN 'county' THEN h.county = r.county ELSE h.home = r.home END, false
           ) AS is_claimed
    FROM rows r JOIN homes h ON h.id = r.id AND h.is_first CROSS JOIN one
), found AS (
    SELECT r.id, 'not_in_register' AS code,
           CASE WHEN r.uma_number <> '' THEN 'uma_number' ELSE 'unhcr_number' END AS place,
           false AS is_hidden
    FROM rows r
    WHERE r.person_id IS NULL AND (r.uma_number <> '' OR r.unhcr_number <> '')
      AND length(coalesce(nullif(r.uma_number, ''), r.unhcr_number)) BETWEEN 3 AND 40
    UNION ALL
    SELECT r.id, 'birth_date_differs', 'birth_date', false
    FROM rows r JOIN facts f USING (id) WHERE f.birth_date <> r.birth_date
    UNION ALL
    SELECT r.id, 'nationality_differs', 'nationality', false
    FROM rows r JOIN facts f USING (id)
    WHERE r.nationality <> '' AND f.nationality <> r.nationality
    UNION ALL
    SELECT r.id, 'ground_differs', 'ground', false
    FROM rows r JOIN facts f USING (id)
    WHERE r.ground_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_permit p
        WHERE p.person_id = r.person_id AND p.ground_id = r.ground_id AND p.closed_by_id IS NULL)
    UNION ALL
    SELECT r.id, 'municipality_differs', 'municipality', f.is_protected
    FROM rows r JOIN facts f USING (id) JOIN lived USING (id) WHERE NOT lived.has
    UNION ALL
    SELECT r.id, 'not_first_home', 'municipality', f.is_protected
    FROM rows r JOIN facts f USING (id) JOIN lived USING (id) JOIN firsts USING (id)
    WHERE lived.has AND NOT firsts.is_claimed
    UNION ALL
    SELECT r.id, 'moved_in_differs', 'moved_in', f.is_protected
    FROM rows r JOIN facts f USING (id) JOIN lived USING (id) JOIN firsts USING (id)
    WHERE lived.has AND firsts.is_claimed AND r.moved_in IS NOT NULL AND NOT lived.is_same_day
    UNION ALL
    SELECT r.id, 'unhcr_form', 'unhcr_number', false
    FROM rows r
    WHERE r.unhcr_number <> '' AND r.unhcr_number !~ %(unhcr_form)s
      AND (r.person_id IS NULL OR r.uma_number <> '')
      AND length(r.unhcr_number) BETWEEN 3 AND 40
)
INSERT INTO grants_rowfinding (list_id, row_id, code, "column", is_hidden)
SELECT %(list)s, id, code, place, is_hidden FROM found

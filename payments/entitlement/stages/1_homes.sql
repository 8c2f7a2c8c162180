-- Homes, deaths and citizenships: what the population register says of the assessed and of parents,
-- and where decided allocations put them (C-39). Of a person's joined numbers, what the own number
-- and those joined before do not say.

CREATE TEMP TABLE residence ON COMMIT DROP AS
SELECT r.id AS residence_id, details.person_id, r.municipality_id, r.moved_in,
       coalesce(r.moved_out, 'infinity') AS moved_out
FROM details
JOIN registry_residence r USING (identity_id)
WHERE r.identity_id BETWEEN %(first_identity)s AND %(last_identity)s
  AND r.brought_by_id <= %(known_at)s AND (r.closed_by_id IS NULL OR r.closed_by_id > %(known_at)s)
UNION ALL
SELECT r.id, other_parent.person_id, r.municipality_id, r.moved_in,
       coalesce(r.moved_out, 'infinity')
FROM other_parent
JOIN registry_residence r USING (identity_id)
WHERE r.brought_by_id <= %(known_at)s AND (r.closed_by_id IS NULL OR r.closed_by_id > %(known_at)s);

INSERT INTO residence
WITH entry AS (
    SELECT n.place, r.id, n.person_id, r.municipality_id,
           datemultirange(daterange(r.moved_in, r.moved_out, '[]')) AS days
    FROM joined_number n
    JOIN registry_residence r USING (identity_id)
    WHERE r.brought_by_id <= %(known_at)s
      AND (r.closed_by_id IS NULL OR r.closed_by_id > %(known_at)s)
)
SELECT e.id, e.person_id, e.municipality_id, lower(part), coalesce(upper(part) - 1, 'infinity')
FROM entry e
CROSS JOIN LATERAL (
    SELECT range_agg(days) AS days
    FROM (SELECT datemultirange(daterange(moved_in, nullif(moved_out, 'infinity'), '[]')) AS days
          FROM residence own WHERE own.person_id = e.person_id
          UNION ALL
          SELECT days FROM entry before WHERE before.person_id = e.person_id AND before.place < e.place
    ) taken
) had
CROSS JOIN LATERAL unnest(e.days - coalesce(had.days, '{}')) AS part;

-- C-39: the same of allocations.
INSERT INTO manual_residence
WITH entry AS (
    SELECT j.place, m.manual_residence_id, j.person_id, m.municipality_id,
           datemultirange(daterange(m.moved_in, m.moved_out, '[]')) AS days
    FROM joined j JOIN manual_residence m ON m.person_id = j.number_id
)
SELECT e.manual_residence_id, e.person_id, e.municipality_id, lower(part), upper(part) - 1
FROM entry e
CROSS JOIN LATERAL (
    SELECT range_agg(days) AS days
    FROM (SELECT datemultirange(daterange(moved_in, moved_out, '[]')) AS days
          FROM manual_residence own WHERE own.person_id = e.person_id
          UNION ALL
          SELECT days FROM entry before WHERE before.person_id = e.person_id AND before.place < e.place
    ) taken
) had
CROSS JOIN LATERAL unnest(e.days - coalesce(had.days, '{}')) AS part;
DELETE FROM manual_residence USING joined WHERE manual_residence.person_id = joined.number_id;

-- Of several numbers' records the one that ends compensation first counts (C-03, C-04).
CREATE TEMP TABLE population_record ON COMMIT DROP AS
SELECT r.id AS population_record_id, details.person_id, r.death_date, r.finnish_citizen_from
FROM details
JOIN registry_populationrecord r USING (identity_id)
WHERE r.identity_id BETWEEN %(first_identity)s AND %(last_identity)s
  AND r.brought_by_id <= %(known_at)s AND (r.closed_by_id IS NULL OR r.closed_by_id > %(known_at)s);
WITH record AS (
    SELECT r.population_record_id, r.person_id, r.death_date, r.finnish_citizen_from, 0 AS place
    FROM population_record r
    WHERE r.person_id IN (SELECT person_id FROM joined_number)
    UNION ALL
    SELECT r.id, n.person_id, r.death_date, r.finnish_citizen_from, n.place
    FROM joined_number n
    JOIN registry_populationrecord r USING (identity_id)
    WHERE r.brought_by_id <= %(known_at)s
      AND (r.closed_by_id IS NULL OR r.closed_by_id > %(known_at)s)
      AND n.person_id IN (SELECT person_id FROM details)
),
replaced AS (DELETE FROM population_record WHERE person_id IN (SELECT person_id FROM record))
INSERT INTO population_record
SELECT DISTINCT ON (person_id)
       population_record_id, person_id, death_date, finnish_citizen_from
FROM record
ORDER BY person_id, least(death_date, finnish_citizen_from), place;
ANALYZE residence, manual_residence, population_record;

-- Compensation time (C-16 … C-20): when each person's clock started and when its time ends.

-- C-17: quota, or family of a quota refugee; ever, whatever the day. Everyone else is ordinary.
CREATE TEMP TABLE person_group ON COMMIT DROP AS
SELECT person_id, min("group") AS "group"  -- quota before quota_family
FROM (
    SELECT person_id, 'quota' AS "group" FROM permit WHERE ground_id = '90'
    UNION ALL
    SELECT p.person_id, 'quota_family'
    FROM permit p
    JOIN registry_ground g ON g.code = p.ground_id AND g.scope = 'family'
    WHERE p.tie_before_arrival AND p.principal_uma_number IN (
        SELECT principal_uma_number FROM principal_permit WHERE ground_id = '90'
    )
) ever
GROUP BY person_id;

-- C-16: the first ever home-municipality entry, decided allocations among them (C-39); C-18, C-19:
-- half-open, 29 February to 1 March.
CREATE TEMP TABLE clock ON COMMIT DROP AS
SELECT start.person_id, start.residence_id AS clock_residence_id,
       start.manual_residence_id AS clock_manual_residence_id, start.moved_in AS clock_start,
       coalesce(g."group", 'ordinary') AS "group", d.years,
       (anniversary.day
        + (extract(day FROM anniversary.day) < extract(day FROM start.moved_in))::int
       ) AS clock_end
FROM (
    SELECT DISTINCT ON (person_id) person_id, residence_id, manual_residence_id, moved_in
    FROM (
        SELECT person_id, residence_id, NULL::bigint AS manual_residence_id, moved_in FROM residence
        UNION ALL
        SELECT manual.person_id, NULL, manual.manual_residence_id, manual.moved_in
        FROM manual_residence manual
        WHERE manual.person_id IN (SELECT person_id FROM details
                                   UNION ALL SELECT person_id FROM other_parent)
    ) home
    ORDER BY person_id, moved_in, residence_id NULLS LAST
) start
LEFT JOIN person_group g USING (person_id)
LEFT JOIN payments_duration d
       ON d."group" = coalesce(g."group", 'ordinary')
      AND start.moved_in BETWEEN d.clock_from AND coalesce(d.clock_to, 'infinity')
CROSS JOIN LATERAL (
    SELECT (start.moved_in + make_interval(years => d.years::int))::date AS day
) anniversary;
ANALYZE clock;

-- C-20: for a child born in Finland, each parent's days in scope with a permit that has begun,
-- and the end of the parent's time (none without a clock).
CREATE TEMP TABLE parent_scope ON COMMIT DROP AS
SELECT parent.child_id, parent.parent_id,
       range_agg(s.in_scope * datemultirange(daterange(s.valid_from, NULL))) AS in_scope,
       array_agg(s.permit_id ORDER BY s.valid_from, s.permit_number)
           FILTER (WHERE NOT isempty(s.in_scope)) AS bases,
       array_agg(s.in_scope * datemultirange(daterange(s.valid_from, NULL))
                 ORDER BY s.valid_from, s.permit_number)
           FILTER (WHERE NOT isempty(s.in_scope)) AS base_scopes,
       min(c.clock_end) AS clock_end
FROM parent
JOIN scope s ON s.person_id = parent.parent_id
LEFT JOIN clock c ON c.person_id = parent.parent_id
GROUP BY parent.child_id, parent.parent_id;

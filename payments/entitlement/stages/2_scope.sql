-- Scope of a permit (C-10 … C-14): the days on which it puts its holder in scope, as a set of
-- days (`in_scope`). Validity is another matter: C-07 looks at it on the day.
-- Of a permit whose scope follows others', `bases` are those others by `valid_from` and number, and
-- `base_scopes` their days, one for one: the one it follows is the first in scope on the day.

-- C-10, C-11, C-12: by the ground alone, on the days the ground is in force.
CREATE TEMP TABLE ground_scope ON COMMIT DROP AS
SELECT g.code AS ground_id, g.scope, applied AS applied_for_protection,
       datemultirange(daterange(g.in_scope_from, g.in_scope_to, '[]')) AS in_force,
       CASE WHEN g.scope = 'always' OR (g.scope = 'after_protection_claim' AND applied)
            THEN datemultirange(daterange(g.in_scope_from, g.in_scope_to, '[]'))
            ELSE '{}' END AS in_scope
FROM registry_ground g CROSS JOIN (VALUES (true), (false)) AS claim (applied);

-- C-14: from the day a permit of the principal began, on the days that permit is in scope.
CREATE TEMP TABLE principal_scope ON COMMIT DROP AS
SELECT p.principal_uma_number,
       range_agg(g.in_scope * datemultirange(daterange(p.valid_from, NULL))) AS in_scope,
       array_agg(p.permit_id ORDER BY p.valid_from, p.permit_number)
           FILTER (WHERE NOT isempty(g.in_scope)) AS bases,
       array_agg(g.in_scope * datemultirange(daterange(p.valid_from, NULL))
                 ORDER BY p.valid_from, p.permit_number)
           FILTER (WHERE NOT isempty(g.in_scope)) AS base_scopes
FROM principal_permit p
JOIN ground_scope g USING (ground_id, applied_for_protection)
GROUP BY p.principal_uma_number;

CREATE TEMP TABLE scope ON COMMIT DROP AS
SELECT p.permit_id, p.person_id, p.permit_number, p.valid_from, p.valid_to, p.ground_id,
       p.tie_before_arrival, g.scope, g.in_force, principal.bases, principal.base_scopes,
       CASE WHEN g.scope <> 'family' THEN g.in_scope
            WHEN p.tie_before_arrival THEN coalesce(principal.in_scope, '{}') * g.in_force
            ELSE '{}' END AS in_scope
FROM permit p
JOIN ground_scope g USING (ground_id, applied_for_protection)
LEFT JOIN principal_scope principal
       ON g.scope = 'family' AND principal.principal_uma_number = p.principal_uma_number;

-- C-13: a renewed permit is in scope on the days an earlier permit of the person is.
UPDATE scope SET in_scope = earlier.in_scope * scope.in_force,
                 bases = earlier.bases, base_scopes = earlier.base_scopes
FROM (
    SELECT renewed.permit_id, range_agg(earlier.in_scope) AS in_scope,
           array_agg(earlier.permit_id ORDER BY earlier.valid_from, earlier.permit_number)
               FILTER (WHERE NOT isempty(earlier.in_scope)) AS bases,
           array_agg(earlier.in_scope ORDER BY earlier.valid_from, earlier.permit_number)
               FILTER (WHERE NOT isempty(earlier.in_scope)) AS base_scopes
    FROM scope renewed
    JOIN scope earlier USING (person_id)
    WHERE renewed.scope = 'follows_earlier' AND earlier.scope <> 'follows_earlier'
      AND earlier.valid_from < renewed.valid_from
    GROUP BY renewed.permit_id
) earlier
WHERE scope.permit_id = earlier.permit_id;
ANALYZE scope;

-- One person, one month (C-03 … C-09, C-15): the first reason that holds, or paid.

-- C-07, C-08, C-15: of the permits covering the day the one in scope with the earliest
-- valid_from, then the smallest number; when all fail, the last failure in the order of C-08.
CREATE TEMP TABLE permit_on_day ON COMMIT DROP AS
SELECT DISTINCT ON (person_id, day)
       person_id, day, permit_id, bases, base_scopes, verdict
FROM (
    SELECT w.person_id, w.day, s.permit_id, s.permit_number, s.valid_from, s.bases, s.base_scopes,
           CASE WHEN s.in_scope @> w.day THEN 6
                WHEN NOT s.in_force @> w.day THEN 2
                WHEN s.scope = 'after_protection_claim' THEN 3
                WHEN s.scope = 'family' AND NOT s.tie_before_arrival THEN 4
                WHEN s.scope = 'family' THEN 5
                ELSE 1 END AS verdict
    FROM work w
    JOIN scope s ON s.person_id = w.person_id AND w.day BETWEEN s.valid_from AND s.valid_to
) judged
ORDER BY person_id, day, verdict DESC, valid_from, permit_number;

-- C-20: the parent in scope on the day whose time ends last, and the child's permit: one in scope
-- of itself before others (C-15).
CREATE TEMP TABLE parent_on_day ON COMMIT DROP AS
SELECT DISTINCT ON (w.person_id, w.day)
       w.person_id, w.day, p.parent_id, p.clock_end, p.bases, p.base_scopes, s.permit_id
FROM work w
JOIN parent_scope p ON p.child_id = w.person_id AND p.in_scope @> w.day
JOIN scope s ON s.person_id = w.person_id AND w.day BETWEEN s.valid_from AND s.valid_to
ORDER BY w.person_id, w.day,
         p.clock_end DESC NULLS LAST, p.parent_id,
         s.in_scope @> w.day DESC, s.valid_from, s.permit_number;

CREATE TEMP TABLE outcome ON COMMIT DROP AS
SELECT w.person_id, w.day, details.details_id, details.birth_date,
       record.population_record_id, r.residence_id, manual.manual_residence_id,
       coalesce(r.municipality_id, manual.municipality_id) AS municipality_id,
       coalesce(parent.permit_id, permit.permit_id) AS permit_id,
       basis.permit_id AS basis_permit_id,
       clock.clock_residence_id, clock.clock_manual_residence_id, clock.clock_start, clock."group",
       parent.parent_id AS clock_parent_id,
       CASE WHEN parent.person_id IS NULL THEN clock.clock_end
            ELSE parent.clock_end END AS clock_end,
       CASE
           WHEN record.death_date < w.day THEN 'deceased'  -- C-03
           WHEN record.finnish_citizen_from <= w.day THEN 'finnish_citizen'  -- C-04
           -- C-05, C-06: neither holds where a decided allocation covers the day (C-39)
           WHEN details.has_code IS NOT TRUE AND manual.manual_residence_id IS NULL
               THEN 'no_identity_code'
           WHEN coalesce(r.residence_id, manual.manual_residence_id) IS NULL
               THEN 'no_home_municipality'
           WHEN permit.permit_id IS NULL THEN 'no_valid_permit'  -- C-07
           WHEN parent.person_id IS NULL AND permit.verdict < 6 THEN  -- C-08
               (ARRAY['ground_out_of_scope', 'ground_not_in_force', 'protection_not_applied_for',
                      'tie_not_before_arrival', 'principal_out_of_scope'])[permit.verdict]
           WHEN w.day < CASE WHEN parent.person_id IS NULL THEN clock.clock_end
                             ELSE parent.clock_end END THEN 'paid'
           ELSE 'time_used_up'  -- C-09
       END AS outcome
FROM work w
LEFT JOIN details USING (person_id)
LEFT JOIN population_record record USING (person_id)
LEFT JOIN residence r
       ON r.person_id = w.person_id AND w.day BETWEEN r.moved_in AND r.moved_out
LEFT JOIN manual_residence manual  -- C-39: where the register has an entry, that one counts
       ON r.residence_id IS NULL AND manual.person_id = w.person_id
      AND w.day BETWEEN manual.moved_in AND manual.moved_out
LEFT JOIN permit_on_day permit ON permit.person_id = w.person_id AND permit.day = w.day
LEFT JOIN parent_on_day parent ON parent.person_id = w.person_id AND parent.day = w.day
LEFT JOIN clock ON clock.person_id = w.person_id
LEFT JOIN LATERAL (  -- C-28: the permit it follows on the day
    SELECT bases[at] AS permit_id
    FROM (SELECT coalesce(parent.bases, permit.bases) AS bases,
                 coalesce(parent.base_scopes, permit.base_scopes) AS base_scopes) followed
    CROSS JOIN generate_subscripts(bases, 1) AS at
    WHERE base_scopes[at] @> w.day
    ORDER BY at LIMIT 1
) basis ON true;
ANALYZE outcome;

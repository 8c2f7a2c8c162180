-- Facts: what the register, as known after delivery %(known_at)s, says of the persons in `work`
-- (person_id, day) and of their kin: parents (C-20), and principals of family permits (C-14),
-- the parents' principals among them. Later stages read these tables only.
-- `joined` (place, number_id, person_id) names the numbers found to be a person's others: their permits,
-- homes, records and allocations are the person's, in the order of `place`, on the days for which
-- the person's own number, or one joined before, has none.
-- The bounds %(first)s … %(last)s (persons in `work`) and %(first_identity)s … %(last_identity)s
-- (their identity codes) let the database read ranges.

CREATE TEMP TABLE details ON COMMIT DROP AS
SELECT d.id AS details_id, d.person_id, d.identity_id, d.birth_date,
       d.identity_id IS NOT NULL AS has_code,
       CASE WHEN d.born_in_finland THEN d.parent_uma_numbers END AS parent_uma_numbers
FROM (SELECT DISTINCT person_id FROM work) assessed
JOIN registry_persondetails d USING (person_id)
WHERE d.person_id BETWEEN %(first)s AND %(last)s
  AND d.brought_by_id <= %(known_at)s AND (d.closed_by_id IS NULL OR d.closed_by_id > %(known_at)s);

CREATE TEMP TABLE named_parent ON COMMIT DROP AS
SELECT person_id, unnest(parent_uma_numbers) AS uma_number
FROM details WHERE parent_uma_numbers IS NOT NULL;
UPDATE named_parent SET uma_number = person.uma_number
FROM joined
JOIN registry_person number ON number.id = joined.number_id
JOIN registry_person person ON person.id = joined.person_id
WHERE named_parent.uma_number = number.uma_number;
ANALYZE named_parent;

CREATE TEMP TABLE parent ON COMMIT DROP AS
SELECT child.person_id AS child_id, d.person_id AS parent_id, d.identity_id
FROM named_parent child
JOIN registry_person p ON p.uma_number = child.uma_number
JOIN registry_persondetails d ON d.person_id = p.id
WHERE NOT d.born_in_finland
  AND d.brought_by_id <= %(known_at)s AND (d.closed_by_id IS NULL OR d.closed_by_id > %(known_at)s);

-- Permits and home-municipality entries of the assessed, and of parents who are not.
CREATE TEMP TABLE other_parent ON COMMIT DROP AS
SELECT DISTINCT parent_id AS person_id, identity_id FROM parent
WHERE parent_id NOT IN (SELECT person_id FROM details);
ANALYZE details, other_parent;

-- The joined numbers of those whose facts are read, with the identity codes they hold.
CREATE TEMP TABLE joined_number ON COMMIT DROP AS
SELECT j.place, j.number_id, j.person_id, d.identity_id
FROM joined j
JOIN registry_persondetails d ON d.person_id = j.number_id
WHERE d.brought_by_id <= %(known_at)s AND (d.closed_by_id IS NULL OR d.closed_by_id > %(known_at)s)
  AND j.person_id IN (SELECT person_id FROM details UNION ALL SELECT person_id FROM other_parent);
UPDATE details SET has_code = true
FROM joined_number n WHERE n.person_id = details.person_id AND n.identity_id IS NOT NULL;

CREATE TEMP TABLE permit ON COMMIT DROP AS
SELECT p.id AS permit_id, p.person_id, p.permit_number, p.ground_id, p.valid_from,
       coalesce(p.valid_to, 'infinity') AS valid_to,
       coalesce(p.applied_for_protection, false) AS applied_for_protection,
       coalesce(p.tie_before_arrival, false) AS tie_before_arrival,
       nullif(p.principal_uma_number, '') AS principal_uma_number
FROM details
JOIN registry_permit p USING (person_id)
WHERE p.person_id BETWEEN %(first)s AND %(last)s
  AND p.brought_by_id <= %(known_at)s AND (p.closed_by_id IS NULL OR p.closed_by_id > %(known_at)s)
UNION ALL
SELECT p.id, p.person_id, p.permit_number, p.ground_id, p.valid_from,
       coalesce(p.valid_to, 'infinity'), coalesce(p.applied_for_protection, false),
       coalesce(p.tie_before_arrival, false), nullif(p.principal_uma_number, '')
FROM other_parent
JOIN registry_permit p USING (person_id)
WHERE p.brought_by_id <= %(known_at)s AND (p.closed_by_id IS NULL OR p.closed_by_id > %(known_at)s)
UNION ALL
SELECT p.id, n.person_id, p.permit_number, p.ground_id, p.valid_from,
       coalesce(p.valid_to, 'infinity'), coalesce(p.applied_for_protection, false),
       coalesce(p.tie_before_arrival, false), nullif(p.principal_uma_number, '')
FROM joined_number n
JOIN registry_permit p ON p.person_id = n.number_id
WHERE p.brought_by_id <= %(known_at)s AND (p.closed_by_id IS NULL OR p.closed_by_id > %(known_at)s);
ANALYZE permit;

CREATE TEMP TABLE principal_permit ON COMMIT DROP AS
SELECT principal.uma_number AS principal_uma_number,
       p.id AS permit_id, p.permit_number, p.ground_id, p.valid_from,
       coalesce(p.applied_for_protection, false) AS applied_for_protection
FROM (SELECT DISTINCT principal_uma_number FROM permit
      WHERE principal_uma_number IS NOT NULL) named
JOIN registry_person principal ON principal.uma_number = named.principal_uma_number
JOIN registry_permit p ON p.person_id = principal.id
WHERE p.brought_by_id <= %(known_at)s AND (p.closed_by_id IS NULL OR p.closed_by_id > %(known_at)s)
UNION ALL  -- and of their other numbers, whichever is named
SELECT principal.uma_number, p.id, p.permit_number, p.ground_id, p.valid_from,
       coalesce(p.applied_for_protection, false)
FROM (
    SELECT number_id AS named_id, person_id AS other_id FROM joined
    UNION ALL SELECT person_id, number_id FROM joined
    UNION ALL SELECT one.number_id, other.number_id
    FROM joined one JOIN joined other USING (person_id) WHERE one.number_id <> other.number_id
) same
JOIN registry_person principal ON principal.id = same.named_id
JOIN registry_permit p ON p.person_id = same.other_id
WHERE principal.uma_number IN (SELECT principal_uma_number FROM permit)
  AND p.brought_by_id <= %(known_at)s AND (p.closed_by_id IS NULL OR p.closed_by_id > %(known_at)s);

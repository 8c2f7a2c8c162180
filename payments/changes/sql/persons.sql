-- The persons behind a step of a payee, some of them in order; those under non-disclosure in one
-- row of their own, without an id (P-11). `found` (person_id, cents) is told before this.
, marked AS MATERIALIZED (
    SELECT d.person_id
    FROM registry_persondetails d
    JOIN registry_populationrecord r ON r.identity_id = d.identity_id
    WHERE d.closed_by_id IS NULL AND r.closed_by_id IS NULL AND r.non_disclosure
),
secret AS MATERIALIZED (
    SELECT person_id FROM marked
    UNION  -- and by their other numbers
    SELECT unnest(ARRAY[link.person_id, link.number_id])
    FROM registry_personlink link
    WHERE link.status IN ('standing', 'ending') AND link.person_id IN (
        SELECT person_id FROM registry_personlink
        WHERE status IN ('standing', 'ending')
          AND (person_id IN (SELECT person_id FROM marked)
               OR number_id IN (SELECT person_id FROM marked))
    )
),
shown AS (
    SELECT f.person_id, p.uma_number, f.cents
    FROM found f JOIN registry_person p ON p.id = f.person_id
    WHERE f.person_id > %(after)s AND f.person_id NOT IN (SELECT person_id FROM secret)
    ORDER BY f.person_id
    LIMIT %(size)s
)
SELECT person_id, uma_number, 1, cents FROM shown
UNION ALL
SELECT NULL, NULL, count(*), sum(cents) FROM found
WHERE person_id IN (SELECT person_id FROM secret)
HAVING count(*) > 0
ORDER BY person_id NULLS FIRST

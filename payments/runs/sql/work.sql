-- The numbers that the run knows to be another person's: they are assessed as that person's.
INSERT INTO joined
SELECT link.id, link.number_id, link.person_id
FROM payments_runlink known JOIN registry_personlink link ON link.id = known.link_id
WHERE known.run_id = %(run)s;
ANALYZE joined;

-- The person-months of a chunk: everyone with a permit for the run's month (C-02); for earlier
-- months the persons of the run's history, and everyone in the months whose figures changed.
INSERT INTO work
SELECT person_id, %(month)s::date FROM (
    SELECT person_id FROM registry_permit
    WHERE person_id >= %(first)s AND person_id < %(end)s
      AND brought_by_id <= %(known_at)s AND (closed_by_id IS NULL OR closed_by_id > %(known_at)s)
    UNION ALL
    SELECT j.person_id FROM joined j JOIN registry_permit p ON p.person_id = j.number_id
    WHERE j.person_id >= %(first)s AND j.person_id < %(end)s
      AND brought_by_id <= %(known_at)s AND (closed_by_id IS NULL OR closed_by_id > %(known_at)s)
) holder
GROUP BY person_id
UNION ALL
SELECT h.person_id, earlier.month
FROM payments_runhistory h CROSS JOIN unnest(%(kept_months)s::date[]) AS earlier (month)
WHERE h.run_id = %(run)s AND h.person_id >= %(first)s AND h.person_id < %(end)s
UNION ALL
SELECT p.id, changed.month
FROM registry_person p CROSS JOIN unnest(%(changed_months)s::date[]) AS changed (month)
WHERE p.id >= %(first)s AND p.id < %(end)s
UNION ALL
-- C-32, C-39: months that have been granted, on a claim or by hand, which the run settles; and what
-- was ever booked of those whom it finds joined or parted, or of months that it learns the former
-- system paid: months before the ledger's first too.
SELECT granted.person_id, granted.benefit_month
FROM (
    SELECT coalesce(j.person_id, settled.person_id) AS person_id, settled.benefit_month
    FROM (
        SELECT person_id, benefit_month FROM payments_claim WHERE settled_by_id = %(run)s
        UNION
        SELECT person_id, benefit_month FROM payments_manualmonth WHERE settled_by_id = %(run)s
        UNION
        SELECT person_id, benefit_month FROM payments_line
        WHERE person_id = ANY (%(relinked)s::bigint[]) AND run_id = ANY (%(ledger)s)
          AND benefit_month >= date_trunc('year', %(month)s::date - interval '5 years')
        UNION
        SELECT l.person_id, l.benefit_month
        FROM payments_formerimport source
        JOIN payments_formerpayment f ON f.source_id = source.id
        JOIN payments_line l ON l.person_id = f.person_id AND l.benefit_month = f.benefit_month
        WHERE source.opened_by_id = %(run)s AND l.run_id = ANY (%(ledger)s)
          AND l.benefit_month >= date_trunc('year', %(month)s::date - interval '5 years')
    ) settled
    LEFT JOIN joined j ON j.number_id = settled.person_id
    GROUP BY 1, 2
) granted
LEFT JOIN payments_runhistory h ON h.run_id = %(run)s AND h.person_id = granted.person_id
WHERE granted.person_id >= %(first)s AND granted.person_id < %(end)s
  AND granted.benefit_month <> %(month)s
  AND granted.benefit_month <> ALL (%(changed_months)s::date[])
  AND (h.person_id IS NULL OR granted.benefit_month <> ALL (%(kept_months)s::date[]));
DELETE FROM work USING joined WHERE work.person_id = joined.number_id;
ANALYZE work;

-- C-39: the allocations that the run knows, those of parents too (C-20).
INSERT INTO manual_residence
SELECT id, person_id, municipality_id, moved_in, moved_out FROM payments_manualresidence
WHERE opened_by_id <= %(run)s AND (closed_by_id IS NULL OR closed_by_id > %(run)s);

-- What approved runs have booked for the earlier months in `work`, under all of a person's numbers.
DROP TABLE IF EXISTS pg_temp.booked;
CREATE TEMP TABLE booked ON COMMIT DROP AS
SELECT person_id, benefit_month, payee_id, component, sum(amount_cents)::int AS amount_cents,
       (array_agg(route ORDER BY run_id DESC, place))[1] AS route
FROM (
    SELECT l.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents, l.route, l.run_id,
           0 AS place
    FROM (SELECT DISTINCT person_id FROM work WHERE day < %(month)s) again
    JOIN payments_line l USING (person_id)
    WHERE l.run_id = ANY (%(ledger)s) AND l.person_id >= %(first)s AND l.person_id < %(end)s
      AND EXISTS (SELECT FROM work w WHERE w.person_id = l.person_id AND w.day = l.benefit_month)
    UNION ALL
    SELECT w.person_id, l.benefit_month, l.payee_id, l.component, l.amount_cents, l.route, l.run_id,
           j.place
    FROM joined j
    JOIN work w ON w.person_id = j.person_id AND w.day < %(month)s
    JOIN payments_line l ON l.person_id = j.number_id AND l.benefit_month = w.day
    WHERE l.run_id = ANY (%(ledger)s)
) line
GROUP BY person_id, benefit_month, payee_id, component;
ANALYZE booked;

-- C-38: what the former system paid of the earlier months in `work`, as far as the run knows.
DROP TABLE IF EXISTS pg_temp.former;
CREATE TEMP TABLE former ON COMMIT DROP AS
SELECT w.person_id, f.benefit_month, f.payee_id, f.component, sum(f.amount_cents)::int AS amount_cents
FROM payments_formerimport source
JOIN payments_formerpayment f ON f.source_id = source.id
LEFT JOIN joined j ON j.number_id = f.person_id
JOIN work w ON w.person_id = coalesce(j.person_id, f.person_id) AND w.day = f.benefit_month
WHERE source.opened_by_id <= %(run)s AND w.day < %(month)s
GROUP BY w.person_id, f.benefit_month, f.payee_id, f.component;

-- C-32: a month once paid through a claim, or granted now, is expected at the rates of its route.
INSERT INTO booked_route
SELECT person_id, benefit_month, payee_id, max(route) FROM booked
WHERE route IN ('claim', 'reduced')
GROUP BY person_id, benefit_month, payee_id
UNION ALL
SELECT c.person_id, c.benefit_month, c.payee_id, max(c.route)
FROM (
    SELECT coalesce(j.person_id, c.person_id) AS person_id, c.benefit_month, c.payee_id, c.route
    FROM payments_claim c LEFT JOIN joined j ON j.number_id = c.person_id
    WHERE c.settled_by_id = %(run)s
) c
WHERE c.person_id >= %(first)s AND c.person_id < %(end)s
  AND NOT EXISTS (
      SELECT FROM booked b
      WHERE (b.person_id, b.benefit_month, b.payee_id) = (c.person_id, c.benefit_month, c.payee_id)
  )
GROUP BY c.person_id, c.benefit_month, c.payee_id;

-- C-32: months allocated by hand that were applied for when the reduced rates were in force.
INSERT INTO booked_route
SELECT DISTINCT m.person_id, m.benefit_month, m.payee_id, 'manual', true
FROM (
    SELECT coalesce(j.person_id, m.person_id) AS person_id, m.benefit_month, m.payee_id,
           m.settled_by_id
    FROM payments_manualmonth m LEFT JOIN joined j ON j.number_id = m.person_id
    WHERE m.is_reduced AND m.verdict = 'granted'
) m
WHERE m.person_id >= %(first)s AND m.person_id < %(end)s
  AND (m.settled_by_id = %(run)s OR m.settled_by_id = ANY (%(ledger)s) AND EXISTS (
      SELECT FROM booked b
      WHERE (b.person_id, b.benefit_month, b.payee_id) = (m.person_id, m.benefit_month, m.payee_id)
  ))
  AND NOT EXISTS (
      SELECT FROM booked_route r
      WHERE (r.person_id, r.day, r.payee_id) = (m.person_id, m.benefit_month, m.payee_id)
  );

-- A payee's month that was paid at the normal rates under one of a person's numbers stays so,
-- whatever was applied for under another.
DELETE FROM booked_route r
USING (
    SELECT own.person_id, own.number_id, l.benefit_month, l.payee_id
    FROM (SELECT person_id, number_id FROM joined UNION SELECT person_id, person_id FROM joined) own
    JOIN payments_line l ON l.person_id = own.number_id AND l.run_id = ANY (%(ledger)s)
    WHERE own.person_id >= %(first)s AND own.person_id < %(end)s
      AND (l.route = 'automatic' OR l.route = 'manual' AND NOT coalesce((
          SELECT bool_and(m.is_reduced)
          FROM payments_manualmonth m LEFT JOIN joined j ON j.number_id = m.person_id
          WHERE m.verdict = 'granted' AND m.settled_by_id = ANY (%(ledger)s)
            AND (coalesce(j.person_id, m.person_id), m.benefit_month, m.payee_id)
              = (own.person_id, l.benefit_month, l.payee_id)
      ), false))
    GROUP BY own.person_id, own.number_id, l.benefit_month, l.payee_id
    HAVING sum(l.amount_cents) > 0
) normal
WHERE (r.person_id, r.day, r.payee_id) = (normal.person_id, normal.benefit_month, normal.payee_id);

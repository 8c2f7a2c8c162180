-- The person-months of a chunk: everyone with a permit for the run's month (C-02); for earlier
-- months the persons of the run's history, and everyone in the months whose figures changed.
INSERT INTO work
SELECT person_id, %(month)s::date FROM registry_permit
WHERE person_id >= %(first)s AND person_id < %(end)s
  AND brought_by_id <= %(known_at)s AND (closed_by_id IS NULL OR closed_by_id > %(known_at)s)
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
-- C-32, C-39: months that have been granted, on a claim or by hand, which the run settles.
SELECT granted.person_id, granted.benefit_month
FROM (
    SELECT person_id, benefit_month FROM payments_claim WHERE settled_by_id = %(run)s
    UNION
    SELECT person_id, benefit_month FROM payments_manualmonth WHERE settled_by_id = %(run)s
) granted
LEFT JOIN payments_runhistory h ON h.run_id = %(run)s AND h.person_id = granted.person_id
WHERE granted.person_id >= %(first)s AND granted.person_id < %(end)s
  AND granted.benefit_month <> %(month)s
  AND granted.benefit_month <> ALL (%(changed_months)s::date[])
  AND (h.person_id IS NULL OR granted.benefit_month <> ALL (%(kept_months)s::date[]));
ANALYZE work;

-- C-39: the allocations that the run knows, those of parents too (C-20).
INSERT INTO manual_residence
SELECT id, person_id, municipality_id, moved_in, moved_out FROM payments_manualresidence
WHERE opened_by_id <= %(run)s AND (closed_by_id IS NULL OR closed_by_id > %(run)s);

-- What approved runs have booked for the earlier months in `work`.
DROP TABLE IF EXISTS pg_temp.booked;
CREATE TEMP TABLE booked ON COMMIT DROP AS
SELECT l.person_id, l.benefit_month, l.payee_id, l.component,
       sum(l.amount_cents)::int AS amount_cents,
       (array_agg(l.route ORDER BY l.run_id DESC))[1] AS route
FROM (SELECT DISTINCT person_id FROM work WHERE day < %(month)s) again
JOIN payments_line l USING (person_id)
WHERE l.run_id = ANY (%(ledger)s) AND l.person_id >= %(first)s AND l.person_id < %(end)s
  AND EXISTS (SELECT FROM work w WHERE w.person_id = l.person_id AND w.day = l.benefit_month)
GROUP BY l.person_id, l.benefit_month, l.payee_id, l.component;
ANALYZE booked;

-- C-32: a month once paid through a claim, or granted now, is expected at the rates of its route.
INSERT INTO booked_route
SELECT person_id, benefit_month, payee_id, max(route) FROM booked
WHERE route IN ('claim', 'reduced')
GROUP BY person_id, benefit_month, payee_id
UNION ALL
SELECT c.person_id, c.benefit_month, c.payee_id, c.route
FROM payments_claim c
WHERE c.settled_by_id = %(run)s AND c.person_id >= %(first)s AND c.person_id < %(end)s
  AND NOT EXISTS (
      SELECT FROM booked b
      WHERE (b.person_id, b.benefit_month, b.payee_id) = (c.person_id, c.benefit_month, c.payee_id)
  );

-- C-32: months allocated by hand that were applied for when the reduced rates were in force.
INSERT INTO booked_route
SELECT DISTINCT m.person_id, m.benefit_month, m.payee_id, 'manual', true
FROM payments_manualmonth m
WHERE m.is_reduced AND m.verdict = 'granted' AND m.person_id >= %(first)s AND m.person_id < %(end)s
  AND (m.settled_by_id = %(run)s OR m.settled_by_id = ANY (%(ledger)s) AND EXISTS (
      SELECT FROM booked b
      WHERE (b.person_id, b.benefit_month, b.payee_id) = (m.person_id, m.benefit_month, m.payee_id)
  ))
  AND NOT EXISTS (
      SELECT FROM booked_route r
      WHERE (r.person_id, r.day, r.payee_id) = (m.person_id, m.benefit_month, m.payee_id)
  );

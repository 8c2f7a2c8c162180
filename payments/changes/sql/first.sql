-- The first run of all: everybody it pays is new.
INSERT INTO payments_runchange (run_id, payee_id, kind, persons, cents, delivery_persons)
SELECT %(run)s, payee_id, 'new', persons, regular_cents, 0
FROM payments_proposal WHERE run_id = %(run)s AND regular_cents > 0
UNION ALL
SELECT %(run)s, NULL, 'new', (SELECT sum(persons) FROM payments_rungroup WHERE run_id = %(run)s),
       sum(regular_cents), 0
FROM payments_proposal WHERE run_id = %(run)s
HAVING sum(regular_cents) > 0;

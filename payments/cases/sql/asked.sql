-- The months of the cases %(cases)s, on today's register and with their allocations in the place of
-- the standing ones that they would replace (C-39); at the reduced rates where the applicant's
-- application came when those were in force (C-32).
INSERT INTO work
SELECT DISTINCT coalesce(j.person_id, c.person_id), month::date
FROM payments_manualcase c
LEFT JOIN joined j ON j.number_id = c.person_id
CROSS JOIN generate_series(c.first_month, c.last_month, interval '1 month') AS month
WHERE c.id = ANY (%(cases)s) AND c.person_id IS NOT NULL;

INSERT INTO manual_residence
SELECT r.id, r.person_id, r.municipality_id, r.moved_in, r.moved_out
FROM payments_manualresidence r
WHERE r.case_id = ANY (%(cases)s)
   OR r.is_standing AND NOT EXISTS (
       SELECT FROM payments_manualresidence n
       WHERE n.case_id = ANY (%(cases)s) AND n.person_id = r.person_id
         AND n.moved_in <= r.moved_out AND n.moved_out >= r.moved_in
   );

INSERT INTO booked_route
SELECT w.person_id, w.day, payee_id, 'manual', true
FROM work w CROSS JOIN unnest(%(reduced_payees)s::bigint[]) AS own (payee_id)
WHERE w.day < %(reduced_before)s;

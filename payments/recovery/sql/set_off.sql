-- C-34: undecided recoveries are set off against their payee's later months, those whose time to
-- decide ends first before the others: each takes what is left of the month, up to what it has open.
INSERT INTO payments_recoveryentry (case_id, kind, amount_cents, day, proposal_id)
SELECT o.case_id, 'set_off', -least(o.cents, p.payable_cents - o.taken), %(day)s, p.id
FROM (
    SELECT c.id AS case_id, s.payee_id, open.cents,
           sum(open.cents) OVER (PARTITION BY s.payee_id ORDER BY c.decide_by, c.id) - open.cents
               AS taken
    FROM payments_recoverycase c
    CROSS JOIN LATERAL (
        SELECT sum(amount_cents) AS cents FROM payments_recoveryentry WHERE case_id = c.id
    ) open
    JOIN registry_succession s
      ON s.organisation_id = c.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
    WHERE c.id = ANY (%(cases)s)
) o
JOIN payments_proposal p ON p.run_id = %(run)s AND p.payee_id = o.payee_id
WHERE p.payable_cents > o.taken
ORDER BY o.case_id

-- Whom the register knows by each row's identifier: the UMA number if the row has one.
-- (list, rows: ids of the rows that are looked at; null: all of the list)
WITH known AS (
    SELECT r.id, p.id AS person_id
    FROM grants_listrow r JOIN registry_person p ON p.uma_number = r.uma_number
    WHERE r.list_id = %(list)s AND r.uma_number <> ''
      AND (%(rows)s::bigint[] IS NULL OR r.id = ANY (%(rows)s))
    UNION ALL
    SELECT r.id, min(n.person_id)
    FROM grants_listrow r JOIN (
        SELECT upper(rgi_number) AS number, person_id FROM registry_persondetails
        WHERE closed_by_id IS NULL AND rgi_number <> ''
        UNION ALL
        SELECT upper(unhcr_number), person_id FROM registry_persondetails
        WHERE closed_by_id IS NULL AND unhcr_number <> ''
    ) n ON n.number = r.unhcr_number
    WHERE r.list_id = %(list)s AND r.uma_number = '' AND r.unhcr_number <> ''
      AND (%(rows)s::bigint[] IS NULL OR r.id = ANY (%(rows)s))
    GROUP BY r.id
)
UPDATE grants_listrow r SET person_id = f.person_id
FROM (
    SELECT r.id, k.person_id
    FROM grants_listrow r LEFT JOIN known k USING (id)
    WHERE r.list_id = %(list)s AND (%(rows)s::bigint[] IS NULL OR r.id = ANY (%(rows)s))
) f
WHERE f.id = r.id AND r.person_id IS DISTINCT FROM f.person_id

-- Whom the register knows by a row's identifier: the UMA number if the row has one.
-- The relation of the rows is put in for the name in braces. The numbers looked for are an array, so
-- that the register's indexes find them also where a whole list is joined as sets.
SELECT r.line, p.id AS person_id
FROM {rows} r JOIN registry_person p ON p.uma_number = r.uma_number
WHERE r.uma_number <> ''
UNION ALL
SELECT r.line, min(n.person_id)
FROM {rows} r JOIN (
    SELECT upper(rgi_number) AS number, person_id FROM registry_persondetails
    WHERE closed_by_id IS NULL AND rgi_number <> ''
      AND upper(rgi_number) = ANY (ARRAY(
          SELECT w.unhcr_number FROM {rows} w WHERE w.uma_number = '' AND w.unhcr_number <> ''))
    UNION ALL
    SELECT upper(unhcr_number), person_id FROM registry_persondetails
    WHERE closed_by_id IS NULL AND unhcr_number <> ''
      AND upper(unhcr_number) = ANY (ARRAY(
          SELECT w.unhcr_number FROM {rows} w WHERE w.uma_number = '' AND w.unhcr_number <> ''))
) n ON n.number = r.unhcr_number
WHERE r.uma_number = '' AND r.unhcr_number <> ''
GROUP BY r.line

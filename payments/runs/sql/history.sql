-- Persons whose earlier months the run looks at again (C-29): those of whom a fact was brought or
-- closed after delivery %(since)s and up to %(known_at)s, an allocation (C-39) or a former payment
-- (C-38) by the run, those whom it finds joined or parted (%(relinked)s), and those who depend on
-- them; by all their numbers.
WITH joined AS MATERIALIZED (
    SELECT link.number_id, link.person_id
    FROM payments_runlink known JOIN registry_personlink link ON link.id = known.link_id
    WHERE known.run_id = %(run)s
),
same AS MATERIALIZED (
    SELECT number_id AS one_id, person_id AS other_id FROM joined
    UNION ALL SELECT person_id, number_id FROM joined
    UNION ALL SELECT one.number_id, other.number_id
    FROM joined one JOIN joined other USING (person_id) WHERE one.number_id <> other.number_id
),
changed AS (
    SELECT unnest(%(relinked)s::bigint[]) AS person_id
    UNION
    SELECT person_id FROM registry_persondetails
    WHERE brought_by_id > %(since)s AND brought_by_id <= %(known_at)s
       OR closed_by_id > %(since)s AND closed_by_id <= %(known_at)s
    UNION
    SELECT person_id FROM registry_permit
    WHERE brought_by_id > %(since)s AND brought_by_id <= %(known_at)s
       OR closed_by_id > %(since)s AND closed_by_id <= %(known_at)s
    UNION
    SELECT person_id FROM payments_manualresidence
    WHERE opened_by_id = %(run)s OR closed_by_id = %(run)s
    UNION
    SELECT f.person_id
    FROM payments_formerimport source JOIN payments_formerpayment f ON f.source_id = source.id
    WHERE source.opened_by_id = %(run)s
    UNION
    SELECT d.person_id FROM (
        SELECT identity_id FROM registry_populationrecord
        WHERE brought_by_id > %(since)s AND brought_by_id <= %(known_at)s
           OR closed_by_id > %(since)s AND closed_by_id <= %(known_at)s
        UNION
        SELECT identity_id FROM registry_residence
        WHERE brought_by_id > %(since)s AND brought_by_id <= %(known_at)s
           OR closed_by_id > %(since)s AND closed_by_id <= %(known_at)s
        UNION
        SELECT r.identity_id FROM (
            SELECT municipality_id FROM registry_agreement
            WHERE brought_by_id > %(since)s AND brought_by_id <= %(known_at)s
               OR closed_by_id > %(since)s AND closed_by_id <= %(known_at)s
        ) agreed
        JOIN registry_succession s ON s.payee_id = agreed.municipality_id
        JOIN registry_residence r ON r.municipality_id = s.organisation_id
    ) identity
    JOIN registry_persondetails d USING (identity_id)
),
touched AS (
    SELECT person_id FROM changed
    UNION
    SELECT same.other_id FROM changed JOIN same ON same.one_id = changed.person_id
),
-- A family permit follows its principal (C-14, C-17), a child born in Finland its parents (C-20).
dependant AS (
    SELECT p.person_id, principal.id AS follows_id
    FROM registry_permit p
    JOIN registry_person principal ON principal.uma_number = p.principal_uma_number
    WHERE p.principal_uma_number <> ''
    UNION ALL
    SELECT child.person_id, parent.id
    FROM registry_persondetails child
    CROSS JOIN unnest(child.parent_uma_numbers) AS named (uma_number)
    JOIN registry_person parent ON parent.uma_number = named.uma_number
    WHERE child.born_in_finland
),
first_step AS (
    SELECT person_id FROM touched
    UNION
    SELECT d.person_id FROM dependant d JOIN touched t ON t.person_id = d.follows_id
),
near AS (
    SELECT person_id FROM first_step
    UNION
    SELECT same.other_id FROM first_step JOIN same ON same.one_id = first_step.person_id
),
second_step AS (
    SELECT person_id FROM near
    UNION
    SELECT d.person_id FROM dependant d JOIN near n ON n.person_id = d.follows_id
)
INSERT INTO payments_runhistory (run_id, person_id)
SELECT %(run)s, person_id FROM second_step
UNION
SELECT %(run)s, same.other_id FROM second_step JOIN same ON same.one_id = second_step.person_id;

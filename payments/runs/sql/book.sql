-- Book the difference: the run's lines with their cause, its assessments, claimable entries.
INSERT INTO {lines}
    (run_id, person_id, benefit_month, payee_id, component, kind, route, amount_cents, cause)
SELECT %(run)s, person_id, benefit_month, payee_id, component,
       CASE WHEN benefit_month = %(month)s THEN 'regular' ELSE 'correction' END,  -- C-30
       route, amount_cents, coalesce(cause, '')
FROM difference
LEFT JOIN cause USING (person_id, benefit_month, payee_id)
WHERE is_booked
ORDER BY person_id, benefit_month, payee_id, component;

INSERT INTO {assessments} (
    run_id, person_id, benefit_month, outcome, without_agreement, municipality_route, county_route,
    details_id, population_record_id, residence_id, manual_residence_id, permit_id,
    basis_permit_id, clock_residence_id, clock_manual_residence_id, "group", clock_start, clock_end, clock_parent_id,
    municipality_id, county_id, municipality_base_rate_id, municipality_adult_rate_id,
    county_base_rate_id, county_adult_rate_id)
SELECT %(run)s, person_id, benefit_month, outcome, without_agreement, municipality_route,
       county_route, details_id, population_record_id, residence_id, manual_residence_id,
       permit_id, basis_permit_id, clock_residence_id, clock_manual_residence_id, "group", clock_start, clock_end, clock_parent_id,
       municipality_id, county_id, municipality_base_rate_id, municipality_adult_rate_id,
       county_base_rate_id, county_adult_rate_id
FROM assessment
ORDER BY person_id, benefit_month;

-- C-31: entries that the facts no longer bear out are closed, new ones opened, for § 70's time.
-- Those of a joined number are closed: what is due is the person's.
UPDATE payments_claimableentry entry SET closed_by_id = %(run)s
FROM joined j
JOIN work ON work.person_id = j.person_id
WHERE entry.closed_by_id IS NULL
  AND entry.person_id = j.number_id AND entry.benefit_month = work.day;

UPDATE payments_claimableentry entry SET closed_by_id = %(run)s
FROM work
WHERE entry.closed_by_id IS NULL
  AND work.person_id = entry.person_id AND work.day = entry.benefit_month
  AND NOT EXISTS (
      SELECT FROM difference d
      WHERE NOT d.is_booked AND d.amount_cents = entry.amount_cents
        AND (d.person_id, d.benefit_month, d.payee_id, d.component)
          = (entry.person_id, entry.benefit_month, entry.payee_id, entry.component)
  );

INSERT INTO payments_claimableentry
    (person_id, benefit_month, payee_id, component, amount_cents, last_day_to_apply, opened_by_id)
SELECT person_id, benefit_month, payee_id, component, amount_cents,
       make_date(extract(year FROM benefit_month)::int + 2, 12, 31), %(run)s
FROM difference WHERE NOT is_booked
ON CONFLICT (person_id, benefit_month, payee_id, component) WHERE closed_by_id IS NULL DO NOTHING;

"""The partitioned tables of runs and what the database refuses in the ledger (C-29, C-35, C-37)."""

from django.db import migrations

ASSESSMENTS = """
CREATE TABLE payments_assessment (
    run_id bigint NOT NULL,
    person_id bigint NOT NULL,
    benefit_month date NOT NULL,
    outcome varchar(26) NOT NULL,
    without_agreement boolean NOT NULL DEFAULT false,
    municipality_route varchar(10) NOT NULL DEFAULT 'automatic',
    county_route varchar(10) NOT NULL DEFAULT 'automatic',
    details_id bigint,
    population_record_id bigint,
    residence_id bigint,
    permit_id bigint,
    basis_permit_id bigint,
    clock_residence_id bigint,
    "group" varchar(12),
    clock_start date,
    clock_end date,
    clock_parent_id bigint,
    municipality_id bigint,
    county_id bigint,
    municipality_base_rate_id bigint,
    municipality_adult_rate_id bigint,
    county_base_rate_id bigint,
    county_adult_rate_id bigint,
    PRIMARY KEY (run_id, person_id, benefit_month),
    FOREIGN KEY (run_id) REFERENCES payments_run,
    FOREIGN KEY (person_id) REFERENCES registry_person,
    CHECK (extract(day FROM benefit_month) = 1)
) PARTITION BY LIST (run_id);
"""

LINES = """
CREATE TABLE payments_line (
    run_id bigint NOT NULL,
    person_id bigint NOT NULL,
    benefit_month date NOT NULL,
    payee_id bigint NOT NULL,
    component varchar(5) NOT NULL,
    kind varchar(10) NOT NULL,
    route varchar(10) NOT NULL,
    amount_cents integer NOT NULL,
    PRIMARY KEY (run_id, person_id, benefit_month, payee_id, component),
    FOREIGN KEY (run_id) REFERENCES payments_run,
    FOREIGN KEY (person_id) REFERENCES registry_person,
    FOREIGN KEY (payee_id) REFERENCES registry_organisation,
    CHECK (amount_cents <> 0),
    CHECK (kind = 'correction' OR amount_cents > 0),
    CHECK (extract(day FROM benefit_month) = 1)
) PARTITION BY LIST (run_id);
"""

LEDGER_IS_APPEND_ONLY = """
CREATE FUNCTION payments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of a computed run (%) are never added to, changed or deleted; '
        'what was wrong is corrected by a later run.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE INSERT OR UPDATE OR DELETE ON payments_line
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER append_only BEFORE INSERT OR UPDATE OR DELETE ON payments_assessment
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
"""

RUNS_FOLLOW_ONE_ANOTHER = """
CREATE FUNCTION payments_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected date;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status = 'approved' THEN
        RAISE EXCEPTION 'The run of % is approved and is never changed or deleted.',
            to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT max(month) + interval '1 month' INTO expected
    FROM payments_run WHERE status = 'approved';
    IF NEW.month <> expected THEN
        RAISE EXCEPTION 'Runs follow one another: the next month is %.',
            to_char(expected, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'approved' AND (TG_OP = 'INSERT' OR OLD.status <> 'checked') THEN
        RAISE EXCEPTION 'The run of % is checked before it is approved.',
            to_char(NEW.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'approved' AND EXISTS (
        SELECT FROM registry_delivery
        WHERE received_by_id = NEW.approved_by_id AND id <= NEW.delivery_id
          AND id > coalesce((SELECT max(delivery_id) FROM payments_run
                             WHERE status = 'approved' AND id <> NEW.id), 0)
    ) THEN
        RAISE EXCEPTION 'Whoever brought a delivery of the run does not approve it (P-01).'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_run BEFORE INSERT OR UPDATE OR DELETE ON payments_run
    FOR EACH ROW EXECUTE FUNCTION payments_guard_run();
"""

# Rows that belong to an approved run: neither added, changed nor deleted.
RUN_ROWS_ARE_KEPT = """
CREATE FUNCTION payments_keep_run_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM payments_run WHERE status = 'approved'
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.run_id END,
                   CASE WHEN TG_OP <> 'DELETE' THEN NEW.run_id END)
    ) THEN
        RAISE EXCEPTION 'This row of % belongs to an approved run and is kept.', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_proposal
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runoutcome
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runcorrection
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runrate
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runchunk
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
"""

CLAIMABLE_ENTRIES_ARE_KEPT = """
CREATE FUNCTION payments_keep_claimable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM payments_run WHERE status = 'approved'
        AND id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.opened_by_id END,
                   CASE WHEN TG_OP = 'DELETE' THEN OLD.opened_by_id END,
                   CASE WHEN TG_OP = 'UPDATE' THEN OLD.closed_by_id END,
                   CASE WHEN TG_OP <> 'DELETE' THEN NEW.closed_by_id END)
    ) OR (TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'closed_by_id' <> to_jsonb(NEW) - 'closed_by_id')
    THEN
        RAISE EXCEPTION 'A claimable entry of an approved run is kept; a later run closes it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_claimable BEFORE INSERT OR UPDATE OR DELETE ON payments_claimableentry
    FOR EACH ROW EXECUTE FUNCTION payments_keep_claimable();
"""

USED_RATES_ARE_KEPT = """
CREATE FUNCTION payments_keep_rate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_used date;
BEGIN
    SELECT max(u.last_benefit_month) INTO last_used
    FROM payments_runrate u JOIN payments_run r ON r.id = u.run_id
    WHERE u.rate_id = OLD.id AND r.status = 'approved';
    IF last_used IS NULL OR (
        TG_OP = 'UPDATE'
        -- NEW has no generated column before the update
        AND to_jsonb(OLD) - '{valid_to,monthly_cents}'::text[]
            = to_jsonb(NEW) - '{valid_to,monthly_cents}'::text[]
        AND coalesce(NEW.valid_to, 'infinity') >= last_used
    ) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'An approved run has used this rate for %: it can only end after that month. '
        'Add a new row with a new validity.', to_char(last_used, 'YYYY-MM')
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_rate BEFORE UPDATE OR DELETE ON payments_rate
    FOR EACH ROW EXECUTE FUNCTION payments_keep_rate();
"""

DROP = """
DROP TRIGGER keep_rate ON payments_rate;
DROP FUNCTION payments_keep_rate;
DROP TRIGGER keep_claimable ON payments_claimableentry;
DROP FUNCTION payments_keep_claimable;
DROP TRIGGER keep_run_row ON payments_proposal;
DROP TRIGGER keep_run_row ON payments_runoutcome;
DROP TRIGGER keep_run_row ON payments_runcorrection;
DROP TRIGGER keep_run_row ON payments_runrate;
DROP TRIGGER keep_run_row ON payments_runchunk;
DROP FUNCTION payments_keep_run_row;
DROP TRIGGER guard_run ON payments_run;
DROP FUNCTION payments_guard_run;
DROP TABLE payments_line, payments_assessment;
DROP FUNCTION payments_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
        ("registry", "0002_register_guards"),
    ]
    operations = [
        migrations.RunSQL(
            ASSESSMENTS
            + LINES
            + LEDGER_IS_APPEND_ONLY
            + RUNS_FOLLOW_ONE_ANOTHER
            + RUN_ROWS_ARE_KEPT
            + CLAIMABLE_ENTRIES_ARE_KEPT
            + USED_RATES_ARE_KEPT,
            DROP,
        ),
    ]

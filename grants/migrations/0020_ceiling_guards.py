"""A salary grant is a ceiling: within what was applied for, without rows, and stands as it was sent."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

KEEP_SALARY = """
DROP TRIGGER keep_salary ON grants_application;
CREATE TRIGGER keep_salary BEFORE UPDATE OF worker_name, worker_title, ceiling_eur
    ON grants_application FOR EACH ROW
    WHEN (OLD.status NOT IN ('draft', 'completion_requested')
          AND (OLD.worker_name, OLD.worker_title, OLD.ceiling_eur)
              IS DISTINCT FROM (NEW.worker_name, NEW.worker_title, NEW.ceiling_eur))
    EXECUTE FUNCTION grants_keep_salary();
"""
KEPT_SALARY = """
DROP TRIGGER keep_salary ON grants_application;
CREATE TRIGGER keep_salary BEFORE UPDATE OF worker_name, ceiling_eur ON grants_application
    FOR EACH ROW
    WHEN (OLD.status NOT IN ('draft', 'completion_requested')
          AND (OLD.worker_name, OLD.ceiling_eur) IS DISTINCT FROM (NEW.worker_name, NEW.ceiling_eur))
    EXECUTE FUNCTION grants_keep_salary();
"""

CEILING = f"""
CREATE FUNCTION grants_guard_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM grants_application
        WHERE id = NEW.application_id AND support = 'palkka'
          AND NEW.amount_cents > coalesce(ceiling_eur, 0) * 100
    ) THEN
        RAISE EXCEPTION 'A salary grant is not above what was applied for.' {ERROR};
    END IF;
    -- A claim for rectification is itself what the applicant has to say.
    IF NEW.claim_id IS NULL AND NEW.unheard_id IS NULL AND NEW.ruling IN ('partly', 'refused')
       AND EXISTS (SELECT FROM grants_application
                   WHERE id = NEW.application_id AND support = 'palkka')
       AND NOT EXISTS (
        SELECT FROM grants_hearing h WHERE h.application_id = NEW.application_id
          AND (h.answered_at IS NOT NULL
               OR h.answer_by < (NEW.proposed_at AT TIME ZONE 'Europe/Helsinki')::date))
       AND NOT EXISTS (
        SELECT FROM grants_completionrequest c WHERE c.application_id = NEW.application_id
          AND (c.answered_at IS NOT NULL OR c.closed_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'The applicant is heard before less is granted, or it is said why not.'
            {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_ceiling BEFORE INSERT ON grants_supportproposal
    FOR EACH ROW EXECUTE FUNCTION grants_guard_ceiling();
"""
NO_CEILING = """
DROP TRIGGER guard_ceiling ON grants_supportproposal;
DROP FUNCTION grants_guard_ceiling;
"""

# What decisions come to is what their rows do, but for a ceiling, which has none.
ADDS_UP = """
CREATE OR REPLACE FUNCTION grants_refuse_unequal(application bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {but_ceilings}
    IF (SELECT coalesce(sum(r.amount_cents), 0) FROM grants_proposedrow r
        JOIN grants_supportproposal p ON p.id = r.proposal_id
        WHERE p.application_id = application AND r.is_granted)
       <> (SELECT coalesce(sum(p.difference_cents), 0) FROM grants_supportproposal p
           WHERE p.application_id = application AND p.status = 'decided') THEN
        RAISE EXCEPTION 'What is granted of application % is what its decisions come to.',
            application {error};
    END IF;
END $$;
"""
BUT_CEILINGS = """
    PERFORM FROM grants_application a WHERE a.id = application AND a.support = 'palkka';
    IF FOUND THEN
        RETURN;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0019_ceilings")]
    operations = [
        migrations.RunSQL(KEEP_SALARY, KEPT_SALARY),
        migrations.RunSQL(CEILING, NO_CEILING),
        migrations.RunSQL(
            ADDS_UP.format(but_ceilings=BUT_CEILINGS, error=ERROR),
            ADDS_UP.format(but_ceilings="", error=ERROR),
        ),
    ]

"""The applicant is heard before it is refused something, or it is said why not (434/2003 § 34)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

# As `grants.applications.states.STEPS`. The function's other steps stay as they are.
STEPS = """
DO $do$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('grants_guard_application_step'::regproc),
        $$('proposed', 'in_check', 'proposed'),$$,
        $$('hearing', 'in_check', 'in_check'),
        ('extended', 'in_check', 'in_check'),
        ('heard', 'in_check', 'in_check'),
        ('heard', 'completion_requested', 'completion_requested'),
        ('proposed', 'in_check', 'proposed'),$$);
END $do$;
"""
NO_STEPS = """
DO $do$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('grants_guard_application_step'::regproc),
        $$('hearing', 'in_check', 'in_check'),
        ('extended', 'in_check', 'in_check'),
        ('heard', 'in_check', 'in_check'),
        ('heard', 'completion_requested', 'completion_requested'),
        $$, '');
END $do$;
"""

# Whoever hears, or answers, has a part in it (P-01).
HANDS = """
CREATE TRIGGER take_hands_of_hearing AFTER INSERT ON grants_applicationstep
    FOR EACH ROW WHEN (NEW.by_id IS NOT NULL AND NEW.deed IN ('hearing', 'heard'))
    EXECUTE FUNCTION grants_hands_of_steps();
"""

HEARINGS = f"""
CREATE FUNCTION grants_guard_hearing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answering text[] := '{{answer_by,answer,answered_by_id,answered_at}}';
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.answered_at IS NOT NULL OR NEW.answer_by < OLD.answer_by
        OR to_jsonb(OLD) - answering <> to_jsonb(NEW) - answering))
    THEN
        RAISE EXCEPTION 'A hearing stands as it was asked, and is answered once.' {ERROR};
    END IF;
    IF NOT EXISTS (SELECT FROM grants_application WHERE id = NEW.application_id
                   AND status IN ('in_check', 'completion_requested')) THEN
        RAISE EXCEPTION 'Applicants are heard while their application is in check.' {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_hearing BEFORE INSERT OR UPDATE OR DELETE ON grants_hearing
    FOR EACH ROW EXECUTE FUNCTION grants_guard_hearing();
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_hearingrow
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""

# Looked at when the transaction ends, for a proposal's rows come after it. A claim for
# rectification is itself what the applicant has to say.
UNHEARD = f"""
CREATE FUNCTION grants_refuse_unheard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (NEW.proposed_at AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    IF EXISTS (
        SELECT FROM grants_proposedrow r WHERE r.proposal_id = NEW.id AND NOT r.accepted
        AND NOT EXISTS (
            SELECT FROM grants_hearingrow h JOIN grants_hearing g ON g.id = h.hearing_id
            WHERE h.row_id = r.row_id AND h.phrase_id = r.phrase_id
              AND (g.answered_at IS NOT NULL OR g.answer_by < today))
    ) AND NOT EXISTS (
        SELECT FROM grants_completionrequest c WHERE c.application_id = NEW.application_id
        AND (c.answered_at IS NOT NULL OR c.closed_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'The applicant is heard before rows are refused, or it is said why not.'
            {ERROR};
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse_unheard AFTER INSERT ON grants_supportproposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.claim_id IS NULL AND NEW.unheard_id IS NULL)
    EXECUTE FUNCTION grants_refuse_unheard();
"""

# What was written to an applicant is not rewritten: neither in decisions nor in hearings.
PHRASES = f"""
CREATE OR REPLACE FUNCTION grants_keep_phrase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (EXISTS (SELECT FROM grants_proposedrow WHERE phrase_id = OLD.id)
        OR EXISTS (SELECT FROM grants_hearingrow WHERE phrase_id = OLD.id)
        OR EXISTS (SELECT FROM grants_supportproposal WHERE unheard_id = OLD.id)) AND (
        TG_OP = 'DELETE' OR (OLD.text_fi, OLD.text_sv, OLD.tells_home)
                            IS DISTINCT FROM (NEW.text_fi, NEW.text_sv, NEW.tells_home)
    ) THEN
        RAISE EXCEPTION 'Decisions use the phrase %.', OLD.code {ERROR};
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
DECIDED_PHRASES = f"""
CREATE OR REPLACE FUNCTION grants_keep_phrase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grants_proposedrow WHERE phrase_id = OLD.id) AND (
        TG_OP = 'DELETE' OR (OLD.text_fi, OLD.text_sv, OLD.tells_home)
                            IS DISTINCT FROM (NEW.text_fi, NEW.text_sv, NEW.tells_home)
    ) THEN
        RAISE EXCEPTION 'Decisions use the phrase %.', OLD.code {ERROR};
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

DROP = f"""
{DECIDED_PHRASES}
DROP TRIGGER refuse_unheard ON grants_supportproposal;
DROP FUNCTION grants_refuse_unheard;
DROP TRIGGER keep_log ON grants_hearingrow;
DROP TRIGGER guard_hearing ON grants_hearing;
DROP FUNCTION grants_guard_hearing;
DROP TRIGGER take_hands_of_hearing ON grants_applicationstep;
{NO_STEPS}
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0017_hearings_of_applicants")]
    operations = [migrations.RunSQL(STEPS + HANDS + HEARINGS + UNHEARD + PHRASES, DROP)]

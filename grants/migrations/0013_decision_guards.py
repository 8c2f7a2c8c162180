"""Two people decide, within the frame, each person once; what was decided stands (P-01, P-06, G-04)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

# Whoever marked rows or proposed has had a part in it.
HANDS = """
CREATE FUNCTION grants_mark_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_list_hand(m.application_id, m.by_id, 'prepared') FROM (
        SELECT DISTINCT l.application_id, n.by_id
        FROM new_marks n
        JOIN grants_listrow r ON r.id = n.row_id JOIN grants_personlist l ON l.id = r.list_id
    ) m;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT ON grants_rowmark REFERENCING NEW TABLE AS new_marks
    FOR EACH STATEMENT EXECUTE FUNCTION grants_mark_hands();
CREATE TRIGGER take_hands_again AFTER UPDATE ON grants_rowmark REFERENCING NEW TABLE AS new_marks
    FOR EACH STATEMENT EXECUTE FUNCTION grants_mark_hands();
CREATE FUNCTION grants_proposal_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_list_hand(NEW.application_id, NEW.proposed_by_id, 'proposed');
    IF NEW.decided_by_id IS NOT NULL THEN
        PERFORM grants_list_hand(NEW.application_id, NEW.decided_by_id, 'approved');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON grants_supportproposal
    FOR EACH ROW EXECUTE FUNCTION grants_proposal_hands();
"""

# Rows are marked while the application is in check, or a claim on it waits for a proposal.
MARKS = f"""
CREATE FUNCTION grants_guard_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_marks n
        JOIN grants_listrow r ON r.id = n.row_id
        JOIN grants_personlist l ON l.id = r.list_id
        JOIN grants_application a ON a.id = l.application_id
        WHERE EXISTS (SELECT FROM grants_supportproposal p
                      WHERE p.application_id = a.id AND p.status = 'proposed')
           OR (a.status <> 'in_check' AND NOT EXISTS (
            SELECT FROM grants_rectificationclaim c
            JOIN grants_supportproposal p ON p.id = c.contested_id
            WHERE p.application_id = a.id AND NOT EXISTS (
                SELECT FROM grants_supportproposal d
                WHERE d.claim_id = c.id AND d.status = 'decided')))
    ) THEN
        RAISE EXCEPTION 'Rows are marked while their application is in check.' {ERROR};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard_marks AFTER INSERT ON grants_rowmark REFERENCING NEW TABLE AS new_marks
    FOR EACH STATEMENT EXECUTE FUNCTION grants_guard_marks();
CREATE TRIGGER guard_marks_again AFTER UPDATE ON grants_rowmark REFERENCING NEW TABLE AS new_marks
    FOR EACH STATEMENT EXECUTE FUNCTION grants_guard_marks();
"""

LOGS = "".join(
    f"""
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""
    for table in ("grants_note", "grants_checkresult", "grants_rectificationclaim")
)

# What a decision says in writing is not rewritten: documents may yet be made from it.
PHRASES = f"""
CREATE FUNCTION grants_keep_phrase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grants_proposedrow WHERE phrase_id = OLD.id) AND (
        TG_OP = 'DELETE' OR (OLD.text_fi, OLD.text_sv, OLD.tells_home)
                            IS DISTINCT FROM (NEW.text_fi, NEW.text_sv, NEW.tells_home)
    ) THEN
        RAISE EXCEPTION 'Decisions use the phrase %.', OLD.code {ERROR};
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_phrase BEFORE UPDATE OR DELETE ON grants_phrase
    FOR EACH ROW EXECUTE FUNCTION grants_keep_phrase();
"""

# P-06: the frame is locked, so that two who decide at once cannot exceed it together.
FRAME = f"""
CREATE FUNCTION grants_committed(frame bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(p.difference_cents), 0)::bigint
    FROM grants_supportproposal p
    JOIN grants_application a ON a.id = p.application_id
    JOIN grants_round g ON g.id = a.round_id
    WHERE p.status = 'decided' AND g.frame_id = grants_committed.frame
$$;
CREATE FUNCTION grants_refuse_over_frame(application bigint, cents bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    frame grants_budgetframe;
BEGIN
    SELECT f.* INTO frame FROM grants_budgetframe f
    JOIN grants_round g ON g.frame_id = f.id
    JOIN grants_application a ON a.round_id = g.id
    WHERE a.id = application FOR NO KEY UPDATE OF f;
    IF FOUND AND grants_committed(frame.id) + cents > frame.allotted_eur * 100 THEN
        RAISE EXCEPTION 'The frame of % has % cents left of % cents: % cents is more.',
            frame.programme_year, frame.allotted_eur * 100 - grants_committed(frame.id),
            frame.allotted_eur * 100, cents {ERROR};
    END IF;
END $$;
CREATE FUNCTION grants_keep_frame() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.allotted_eur < OLD.allotted_eur AND NEW.allotted_eur * 100 < grants_committed(NEW.id)
    THEN
        RAISE EXCEPTION 'The frame of % has been committed beyond this.', OLD.programme_year {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_frame BEFORE UPDATE ON grants_budgetframe
    FOR EACH ROW EXECUTE FUNCTION grants_keep_frame();
"""

PROPOSALS = f"""
CREATE FUNCTION grants_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    settling text[] := '{{status,returned_by_id,returned_for,decided_by_id,decided_at,decision_id}}';
    before bigint;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.status <> 'proposed'
       OR to_jsonb(OLD) - settling <> to_jsonb(NEW) - settling)) THEN
        RAISE EXCEPTION 'A proposal is decided or returned as it was made, once.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' AND NEW.status <> 'proposed' THEN
        RAISE EXCEPTION 'A decision begins as a proposal.' {ERROR};
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status = 'decided' THEN
        SELECT coalesce(sum(difference_cents), 0) INTO before
        FROM grants_supportproposal
        WHERE application_id = NEW.application_id AND status = 'decided';
        IF NEW.amount_cents - before <> NEW.difference_cents THEN
            RAISE EXCEPTION 'Decisions on the application have granted % before.', before {ERROR};
        END IF;
        PERFORM grants_refuse_over_frame(NEW.application_id, NEW.difference_cents);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_proposal BEFORE INSERT OR UPDATE OR DELETE ON grants_supportproposal
    FOR EACH ROW EXECUTE FUNCTION grants_guard_proposal();

CREATE FUNCTION grants_guard_proposed_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.is_granted)
       OR (TG_OP = 'UPDATE' AND (OLD.is_granted
           OR to_jsonb(OLD) - 'is_granted' <> to_jsonb(NEW) - 'is_granted'))
       OR NOT EXISTS (SELECT FROM grants_supportproposal
                      WHERE id = NEW.proposal_id
                        AND status = CASE TG_OP WHEN 'INSERT' THEN 'proposed' ELSE 'decided' END)
    THEN
        RAISE EXCEPTION 'Rows of a proposal stand as they were proposed.' {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_proposed_row BEFORE INSERT OR UPDATE OR DELETE ON grants_proposedrow
    FOR EACH ROW EXECUTE FUNCTION grants_guard_proposed_row();

-- What is granted by rows is what decisions come to: right after rows are granted, and at commit.
CREATE FUNCTION grants_refuse_unequal(application bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(r.amount_cents), 0) FROM grants_proposedrow r
        JOIN grants_supportproposal p ON p.id = r.proposal_id
        WHERE p.application_id = application AND r.is_granted)
       <> (SELECT coalesce(sum(p.difference_cents), 0) FROM grants_supportproposal p
           WHERE p.application_id = application AND p.status = 'decided') THEN
        RAISE EXCEPTION 'What is granted of application % is what its decisions come to.',
            application {ERROR};
    END IF;
END $$;
CREATE FUNCTION grants_rows_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_refuse_unequal(p.application_id) FROM (
        SELECT DISTINCT p.application_id
        FROM granted g JOIN grants_supportproposal p ON p.id = g.proposal_id
    ) p;
    RETURN NULL;
END $$;
CREATE TRIGGER rows_add_up AFTER UPDATE ON grants_proposedrow REFERENCING NEW TABLE AS granted
    FOR EACH STATEMENT EXECUTE FUNCTION grants_rows_add_up();
CREATE FUNCTION grants_decision_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_refuse_unequal(NEW.application_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_adds_up AFTER UPDATE ON grants_supportproposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_decision_adds_up();
"""

DROP = """
DROP TRIGGER decision_adds_up ON grants_supportproposal;
DROP FUNCTION grants_decision_adds_up;
DROP TRIGGER rows_add_up ON grants_proposedrow;
DROP FUNCTION grants_rows_add_up;
DROP FUNCTION grants_refuse_unequal;
DROP TRIGGER guard_proposed_row ON grants_proposedrow;
DROP FUNCTION grants_guard_proposed_row;
DROP TRIGGER guard_proposal ON grants_supportproposal;
DROP FUNCTION grants_guard_proposal;
DROP TRIGGER keep_frame ON grants_budgetframe;
DROP FUNCTION grants_keep_frame;
DROP FUNCTION grants_refuse_over_frame;
DROP FUNCTION grants_committed;
DROP TRIGGER keep_phrase ON grants_phrase;
DROP FUNCTION grants_keep_phrase;
DROP TRIGGER keep_log ON grants_rectificationclaim;
DROP TRIGGER keep_log ON grants_checkresult;
DROP TRIGGER keep_log ON grants_note;
DROP TRIGGER guard_marks_again ON grants_rowmark;
DROP TRIGGER guard_marks ON grants_rowmark;
DROP FUNCTION grants_guard_marks;
DROP TRIGGER take_hands ON grants_supportproposal;
DROP FUNCTION grants_proposal_hands;
DROP TRIGGER take_hands_again ON grants_rowmark;
DROP TRIGGER take_hands ON grants_rowmark;
DROP FUNCTION grants_mark_hands;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0012_decisions_on_supports")]
    operations = [
        migrations.RunSQL(HANDS + MARKS + LOGS + PHRASES + FRAME + PROPOSALS, DROP),
    ]

"""Two people take each step of a recovery, after the payee was heard and in time (P-01, P-07)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

STEPS = f"""
CREATE FUNCTION payments_guard_recovery_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    recovery payments_recoverycase;
    decided date;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.status <> 'proposed' OR NEW.status = 'proposed'
        OR to_jsonb(OLD) - '{{status,decided_by_id,decided_at,refusal,decision_id}}'::text[]
           <> to_jsonb(NEW) - '{{status,decided_by_id,decided_at,refusal,decision_id}}'::text[])
    ) THEN
        RAISE EXCEPTION 'A step of a recovery is approved or refused once, as it was proposed.'
            {ERROR};
    END IF;
    IF TG_OP = 'INSERT' AND NEW.status <> 'proposed' AND NEW.bank_entry_id IS NULL THEN
        RAISE EXCEPTION 'A step of a recovery begins by being proposed.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' AND NEW.bank_entry_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM payments_answerentry
        WHERE id = NEW.bank_entry_id AND outcome = 'recovery' AND amount_cents = NEW.amount_cents
    ) THEN
        RAISE EXCEPTION 'A payment is what the bank''s entry says.' {ERROR};
    END IF;
    IF NEW.kind = 'repay' AND NEW.status = 'approved' THEN
        SELECT * INTO recovery FROM payments_recoverycase WHERE id = NEW.case_id;
        SELECT decided_on INTO decided FROM registry_decision WHERE id = NEW.decision_id;
        IF decided > recovery.decide_by THEN
            RAISE EXCEPTION 'Recovery % had to be decided by %.', NEW.case_id, recovery.decide_by
                {ERROR};
        END IF;
        IF NOT EXISTS (SELECT FROM payments_recoveryhearing
                       WHERE case_id = NEW.case_id
                         AND (answered_on IS NOT NULL OR answer_by < decided)) THEN
            RAISE EXCEPTION 'The payee of recovery % is heard before it has to repay.', NEW.case_id
                {ERROR};
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_recovery_step BEFORE INSERT OR UPDATE OR DELETE ON payments_recoverystep
    FOR EACH ROW EXECUTE FUNCTION payments_guard_recovery_step();

-- The parts people take are parts in the case: who proposed one step of it approves none of it.
CREATE FUNCTION payments_hands_of_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payee bigint;
BEGIN
    SELECT payee_id INTO payee FROM payments_recoverycase WHERE id = NEW.case_id;
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'payments.recoverycase', NEW.case_id, hand.user_id, hand.part, payee
    FROM (VALUES (NEW.proposed_by_id, 'proposed'),
                 (CASE WHEN NEW.status = 'approved' THEN NEW.decided_by_id END, 'approved')
    ) AS hand (user_id, part)
    WHERE hand.user_id IS NOT NULL
      AND (TG_OP = 'INSERT' OR hand.part = 'approved')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_recoverystep
    FOR EACH ROW EXECUTE FUNCTION payments_hands_of_recovery();
"""

HEARINGS = f"""
CREATE FUNCTION payments_keep_recovery_hearing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.answered_on IS NULL
       AND to_jsonb(OLD) - '{{answer,answered_by_id,answered_on}}'::text[]
           = to_jsonb(NEW) - '{{answer,answered_by_id,answered_on}}'::text[]
       AND EXISTS (SELECT FROM payments_recoverycase
                   WHERE id = NEW.case_id AND status = 'repay') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A hearing is answered once, before the decision, and never changed.' {ERROR};
END $$;
CREATE TRIGGER keep_recovery_hearing BEFORE UPDATE OR DELETE ON payments_recoveryhearing
    FOR EACH ROW EXECUTE FUNCTION payments_keep_recovery_hearing();
CREATE FUNCTION payments_hands_of_hearing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part, concerns_id)
    SELECT 'payments.recoverycase', NEW.case_id, NEW.asked_by_id, 'prepared', payee_id
    FROM payments_recoverycase WHERE id = NEW.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER take_hands AFTER INSERT ON payments_recoveryhearing
    FOR EACH ROW EXECUTE FUNCTION payments_hands_of_hearing();
"""

# What is paid, waived and reversed is so by an approved step, decided is by one too.
BY_STEPS = f"""
CREATE FUNCTION payments_recovery_entry_by_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM payments_recoverystep s
        WHERE s.id = NEW.step_id AND s.case_id = NEW.case_id AND s.status = 'approved'
          AND CASE NEW.kind
              WHEN 'paid' THEN s.kind = 'payment' AND -NEW.amount_cents <= s.amount_cents
              WHEN 'waived' THEN s.kind = 'waive' AND -NEW.amount_cents = s.amount_cents
              ELSE s.kind = 'reverse' AND s.entry_id = NEW.reverses_id END
    ) THEN
        RAISE EXCEPTION 'Two people decide on what is paid back, waived or reversed.' {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recovery_entry_by_step BEFORE INSERT ON payments_recoveryentry
    FOR EACH ROW WHEN (NEW.kind IN ('paid', 'waived', 'reversed'))
    EXECUTE FUNCTION payments_recovery_entry_by_step();

CREATE FUNCTION payments_recovery_decided_by_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM payments_recoverystep
                   WHERE case_id = NEW.id AND kind = 'repay' AND status = 'approved'
                     AND day = NEW.due_on) THEN
        RAISE EXCEPTION 'Two people decide that recovery % is to be repaid.', NEW.id {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recovery_decided_by_step BEFORE UPDATE ON payments_recoverycase
    FOR EACH ROW WHEN (NEW.due_on IS DISTINCT FROM OLD.due_on)
    EXECUTE FUNCTION payments_recovery_decided_by_step();
"""

DROP = """
DROP TRIGGER recovery_decided_by_step ON payments_recoverycase;
DROP FUNCTION payments_recovery_decided_by_step;
DROP TRIGGER recovery_entry_by_step ON payments_recoveryentry;
DROP FUNCTION payments_recovery_entry_by_step;
DROP TRIGGER take_hands ON payments_recoveryhearing;
DROP FUNCTION payments_hands_of_hearing;
DROP TRIGGER keep_recovery_hearing ON payments_recoveryhearing;
DROP FUNCTION payments_keep_recovery_hearing;
DROP TRIGGER take_hands ON payments_recoverystep;
DROP FUNCTION payments_hands_of_recovery;
DROP TRIGGER guard_recovery_step ON payments_recoverystep;
DROP FUNCTION payments_guard_recovery_step;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0021_recovery_steps_and_hearings"),
        ("registry", "0006_access_guards"),
    ]
    operations = [migrations.RunSQL(STEPS + HEARINGS + BY_STEPS, DROP)]

"""What the database refuses of recoveries: edited entries, too much, and paying what is set off."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

CASES = f"""
CREATE FUNCTION payments_guard_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    balance bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A recovery is closed, never deleted.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'set_off' OR NEW.due_on IS NOT NULL OR (
            NEW.proposal_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
                WHERE p.id = NEW.proposal_id AND r.status = 'approved'
                  AND p.payee_id = NEW.payee_id AND p.recovery_cents = NEW.claimed_cents)
        ) THEN
            RAISE EXCEPTION 'A recovery begins with the sum below zero of an approved proposal.'
                {ERROR};
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - '{{status,due_on}}'::text[] <> to_jsonb(NEW) - '{{status,due_on}}'::text[]
       OR (OLD.due_on IS NOT NULL AND OLD.due_on IS DISTINCT FROM NEW.due_on) THEN
        RAISE EXCEPTION 'Recovery % is kept as it was opened and decided.', OLD.id {ERROR};
    END IF;
    IF OLD.status = NEW.status THEN
        RETURN NEW;
    END IF;
    IF (OLD.status, NEW.status) NOT IN (
        ('set_off', 'repay'), ('repay', 'set_off'), ('repay', 'decided'),
        ('set_off', 'closed'), ('repay', 'closed'), ('decided', 'closed'),
        ('closed', 'set_off'), ('closed', 'repay'), ('closed', 'decided')
    ) OR (OLD.status = 'closed' AND (NEW.status = 'decided') <> (OLD.due_on IS NOT NULL)) THEN
        RAISE EXCEPTION 'A recovery does not go from % to %.', OLD.status, NEW.status {ERROR};
    END IF;
    SELECT coalesce(sum(amount_cents), 0) INTO balance
    FROM payments_recoveryentry WHERE case_id = NEW.id;
    IF (NEW.status = 'closed' AND balance <> 0) OR (OLD.status = 'closed' AND balance = 0) THEN
        RAISE EXCEPTION 'Recovery % is closed when nothing of it is open: % is.', OLD.id, balance
            {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_recovery BEFORE INSERT OR UPDATE OR DELETE ON payments_recoverycase
    FOR EACH ROW EXECUTE FUNCTION payments_guard_recovery();
"""

# The case is locked, so that two who take off at once cannot take off more than is open; so is
# the proposal, so that nobody orders its payment while it is set off.
ENTRIES = f"""
CREATE FUNCTION payments_keep_recovery_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    recovery payments_recoverycase;
    reversed payments_recoveryentry;
    balance bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'An entry of a recovery is never changed or deleted; another reverses it.'
            {ERROR};
    END IF;
    SELECT * INTO recovery FROM payments_recoverycase WHERE id = NEW.case_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_cents), 0) INTO balance
    FROM payments_recoveryentry WHERE case_id = NEW.case_id;
    IF balance + NEW.amount_cents < 0 THEN
        RAISE EXCEPTION 'Recovery % has % open: % is more.', NEW.case_id, balance,
            -NEW.amount_cents {ERROR};
    END IF;
    IF recovery.status = 'closed' AND NEW.kind NOT IN ('reversed', 'interest') THEN
        RAISE EXCEPTION 'Recovery % is closed.', NEW.case_id {ERROR};
    END IF;
    IF NEW.kind = 'claimed' AND NEW.amount_cents <> recovery.claimed_cents THEN
        RAISE EXCEPTION 'Recovery % claims %.', NEW.case_id, recovery.claimed_cents {ERROR};
    END IF;
    IF NEW.kind = 'interest' AND recovery.due_on IS NULL THEN
        RAISE EXCEPTION 'Recovery % bears no interest before it is decided.', NEW.case_id {ERROR};
    END IF;
    IF NEW.kind = 'reversed' THEN
        SELECT * INTO reversed FROM payments_recoveryentry WHERE id = NEW.reverses_id;
        IF (reversed.case_id, -reversed.amount_cents) <> (NEW.case_id, NEW.amount_cents)
           OR reversed.kind NOT IN ('set_off', 'paid', 'waived')
           OR reversed.proposal_id IS DISTINCT FROM NEW.proposal_id THEN
            RAISE EXCEPTION 'Entry % is reversed whole, as it was entered.', NEW.reverses_id {ERROR};
        END IF;
    END IF;
    IF NEW.proposal_id IS NOT NULL THEN
        PERFORM payments_refuse_set_off(NEW, recovery);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payments_refuse_set_off(
    entry payments_recoveryentry, recovery payments_recoverycase
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    to_pay bigint;
BEGIN
    PERFORM FROM payments_proposal WHERE id = entry.proposal_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM payments_paymentorder WHERE proposal_id = entry.proposal_id) THEN
        RAISE EXCEPTION 'Proposal % has been ordered to be paid: its set-offs stand.',
            entry.proposal_id {ERROR};
    END IF;
    IF entry.kind = 'reversed' THEN
        RETURN;
    END IF;
    IF recovery.status <> 'set_off' OR recovery.decide_by < entry.day THEN
        RAISE EXCEPTION 'Recovery % is not set off against later months.', recovery.id {ERROR};
    END IF;
    SELECT p.payable_cents + coalesce((SELECT sum(amount_cents) FROM payments_recoveryentry
                                       WHERE proposal_id = p.id), 0) INTO to_pay
    FROM payments_proposal p
    JOIN payments_run r ON r.id = p.run_id AND r.status = 'approved'
    JOIN registry_succession s ON s.organisation_id = recovery.payee_id
     AND s.payee_id = p.payee_id AND r.month BETWEEN s.from_day AND s.to_day
    WHERE p.id = entry.proposal_id;
    IF to_pay IS NULL OR to_pay + entry.amount_cents < 0 THEN
        RAISE EXCEPTION 'A recovery is set off against the same payee''s approved month, and no '
            'more than it comes to.' {ERROR};
    END IF;
END $$;
CREATE TRIGGER keep_recovery_entry BEFORE INSERT OR UPDATE OR DELETE ON payments_recoveryentry
    FOR EACH ROW EXECUTE FUNCTION payments_keep_recovery_entry();
"""

ORDERS = """
CREATE OR REPLACE FUNCTION payments_keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'A payment order is never changed or deleted.' {error};
    END IF;
    {lock}
    IF NOT EXISTS (
        SELECT FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
        WHERE p.id = NEW.proposal_id AND r.status = 'approved'
          AND p.payee_id = NEW.payee_id AND p.payable_cents {set_off} = NEW.amount_cents
    ) THEN
        RAISE EXCEPTION '{message}'
            {error};
    END IF;
    RETURN NEW;
END $$;
"""
ORDERS_LESS_SET_OFF = ORDERS.format(
    error=ERROR,
    lock="PERFORM FROM payments_proposal WHERE id = NEW.proposal_id FOR NO KEY UPDATE;",
    set_off="+ coalesce((SELECT sum(amount_cents) FROM payments_recoveryentry "
    "WHERE proposal_id = p.id), 0)",
    message="A payment order is of an approved run''s proposal, to its payee and sum "
    "less what is set off.",
)
ORDERS_BEFORE = ORDERS.format(
    error=ERROR,
    lock="",
    set_off="",
    message="A payment order is of an approved run''s proposal, to its payee and sum.",
)

DROP = """
DROP TRIGGER keep_recovery_entry ON payments_recoveryentry;
DROP FUNCTION payments_keep_recovery_entry;
DROP FUNCTION payments_refuse_set_off;
DROP TRIGGER guard_recovery ON payments_recoverycase;
DROP FUNCTION payments_guard_recovery;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_recovery_cases")]
    operations = [
        migrations.RunSQL(CASES + ENTRIES + ORDERS_LESS_SET_OFF, ORDERS_BEFORE + DROP),
    ]

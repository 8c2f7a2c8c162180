"""What the database refuses on the way of money: changed details, other bytes, steps back (P-05)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

# The IBAN's own check digits (ISO 13616): moved to the end, letters as numbers, 1 modulo 97.
IBAN_DIGITS = """
ALTER TABLE payments_bankdetails ADD CONSTRAINT bank_details_iban_digits
    CHECK ((substr(iban, 5) || '1518' || substr(iban, 3, 2))::numeric % 97 = 1);
"""

DETAILS = f"""
CREATE FUNCTION payments_keep_bank_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status = 'proposed' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'proposed' AND NEW.status <> 'proposed'
       AND to_jsonb(OLD) - '{{status,decided_by_id,decided_at,refusal}}'::text[]
           = to_jsonb(NEW) - '{{status,decided_by_id,decided_at,refusal}}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Bank details are proposed, then decided once; they are never changed or deleted.'
        {ERROR};
END $$;
CREATE TRIGGER keep_bank_details BEFORE INSERT OR UPDATE OR DELETE ON payments_bankdetails
    FOR EACH ROW EXECUTE FUNCTION payments_keep_bank_details();
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_bankdetails
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.bankdetails', 'payee_id', 'proposed_by_id', 'proposed',
        'decided_by_id', 'approved');
"""

ORDERS = f"""
CREATE FUNCTION payments_keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'A payment order is never changed or deleted.' {ERROR};
    END IF;
    IF NOT EXISTS (
        SELECT FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
        WHERE p.id = NEW.proposal_id AND r.status = 'approved'
          AND p.payee_id = NEW.payee_id AND p.payable_cents = NEW.amount_cents
    ) THEN
        RAISE EXCEPTION 'A payment order is of an approved run''s proposal, to its payee and sum.'
            {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_order BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentorder
    FOR EACH ROW EXECUTE FUNCTION payments_keep_order();
"""

BATCHES = f"""
CREATE FUNCTION payments_guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A batch is cancelled, never deleted.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'drawn_up' THEN
            RAISE EXCEPTION 'A batch begins by being drawn up.' {ERROR};
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.month, OLD.number, OLD.message_id, OLD.due_day, OLD.debtor_name, OLD.debtor_iban,
        OLD.debtor_bic, OLD.count, OLD.sum_cents, OLD.created_at, OLD.prepared_by_id)
       IS DISTINCT FROM
       (NEW.month, NEW.number, NEW.message_id, NEW.due_day, NEW.debtor_name, NEW.debtor_iban,
        NEW.debtor_bic, NEW.count, NEW.sum_cents, NEW.created_at, NEW.prepared_by_id)
       OR (OLD.checked_at IS NOT NULL AND (OLD.checked_by_id, OLD.checked_at)
           IS DISTINCT FROM (NEW.checked_by_id, NEW.checked_at))
       OR (OLD.approved_at IS NOT NULL AND
           (OLD.approved_by_id, OLD.approved_at, OLD.document, OLD.sha256)
           IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_at, NEW.document, NEW.sha256))
       OR (OLD.sending_at IS NOT NULL AND OLD.sending_at IS DISTINCT FROM NEW.sending_at)
       OR (OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at) THEN
        RAISE EXCEPTION 'Batch % is as it was drawn up, checked, approved and sent.', OLD.message_id
            {ERROR};
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('drawn_up', 'checked'), ('drawn_up', 'cancelled'),
        ('checked', 'approved'), ('checked', 'cancelled'),
        ('approved', 'sending'), ('approved', 'cancelled'),
        ('sending', 'sent'),
        ('sent', 'acknowledged'), ('sent', 'partly_rejected'), ('sent', 'unknown'),
        ('sent', 'rejected'), ('sent', 'settled'),
        ('acknowledged', 'partly_rejected'), ('acknowledged', 'unknown'),
        ('acknowledged', 'rejected'), ('acknowledged', 'settled'),
        ('partly_rejected', 'unknown'), ('partly_rejected', 'rejected'),
        ('partly_rejected', 'settled'),
        ('unknown', 'acknowledged'), ('unknown', 'partly_rejected'), ('unknown', 'rejected'),
        ('unknown', 'settled')
    ) THEN
        RAISE EXCEPTION 'A batch does not go from % to %.', OLD.status, NEW.status {ERROR};
    END IF;
    IF NEW.status IN ('checked', 'approved') AND NEW.status <> OLD.status AND (
        SELECT (count(*), sum(amount_cents)) FROM payments_transfer WHERE batch_id = NEW.id
    ) IS DISTINCT FROM (NEW.count::bigint, NEW.sum_cents::numeric) THEN
        RAISE EXCEPTION 'The transfers of batch % do not sum to it.', OLD.message_id {ERROR};
    END IF;
    IF NEW.document IS NOT NULL AND OLD.document IS NULL
       AND encode(sha256(NEW.document), 'hex') <> NEW.sha256 THEN
        RAISE EXCEPTION 'The file of batch % has another SHA-256.', OLD.message_id {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_batch BEFORE INSERT OR UPDATE OR DELETE ON payments_batch
    FOR EACH ROW EXECUTE FUNCTION payments_guard_batch();
CREATE TRIGGER take_hands AFTER INSERT OR UPDATE ON payments_batch
    FOR EACH ROW EXECUTE FUNCTION registry_take_hands(
        'payments.batch', '', 'prepared_by_id', 'prepared', 'checked_by_id', 'checked',
        'approved_by_id', 'approved');
"""

TRANSFERS = f"""
CREATE FUNCTION payments_guard_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A transfer is never deleted.' {ERROR};
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'drawn'
           OR NOT EXISTS (SELECT FROM payments_batch
                          WHERE id = NEW.batch_id AND status = 'drawn_up')
           OR NOT EXISTS (SELECT FROM payments_paymentorder o
                          JOIN payments_bankdetails d ON d.payee_id = o.payee_id
                          WHERE o.id = NEW.order_id AND o.amount_cents = NEW.amount_cents
                            AND d.id = NEW.details_id AND d.status = 'approved'
                            AND (d.iban, d.bic, d.business_id)
                                = (NEW.iban, NEW.bic, NEW.business_id)) THEN
            RAISE EXCEPTION 'A transfer is drawn up with its batch, of its order''s sum, by approved '
                'bank details.' {ERROR};
        END IF;
        IF EXISTS (SELECT FROM payments_transfer
                   WHERE order_id = NEW.order_id AND status IN ('rejected', 'returned')
                     AND released_at IS NULL) THEN
            RAISE EXCEPTION 'Somebody has to look at the failed transfer before another.' {ERROR};
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - '{{status,paid_on,returned_on,reason,released_by_id,released_at,note}}'::text[]
       <> to_jsonb(NEW) - '{{status,paid_on,returned_on,reason,released_by_id,released_at,note}}'::text[]
       OR (OLD.released_at IS NOT NULL AND OLD IS DISTINCT FROM NEW) THEN
        RAISE EXCEPTION 'Transfer % is as it was drawn up.', OLD.end_to_end_id {ERROR};
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('drawn', 'sent'), ('drawn', 'cancelled'),
        ('sent', 'accepted'), ('sent', 'unknown'), ('sent', 'paid'), ('sent', 'rejected'),
        ('sent', 'returned'),
        ('accepted', 'unknown'), ('accepted', 'paid'), ('accepted', 'rejected'),
        ('accepted', 'returned'),
        ('unknown', 'accepted'), ('unknown', 'paid'), ('unknown', 'rejected'),
        ('unknown', 'returned'),
        ('paid', 'returned')
    ) THEN
        RAISE EXCEPTION 'A transfer does not go from % to %.', OLD.status, NEW.status {ERROR};
    END IF;
    IF NEW.status IN ('sent', 'cancelled') AND NEW.status <> OLD.status AND EXISTS (
        SELECT FROM payments_batch
        WHERE id = NEW.batch_id AND (NEW.status = 'cancelled')
              = (status NOT IN ('drawn_up', 'checked', 'approved', 'cancelled'))
    ) THEN
        RAISE EXCEPTION 'Transfer % is sent with its batch, and then never cancelled.',
            OLD.end_to_end_id {ERROR};
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_transfer BEFORE INSERT OR UPDATE OR DELETE ON payments_transfer
    FOR EACH ROW EXECUTE FUNCTION payments_guard_transfer();

-- Whoever changed an account that a batch pays to has touched the batch (P-01).
CREATE FUNCTION payments_hands_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_hand (object_type, object_id, user_id, part)
    SELECT DISTINCT 'payments.batch', t.batch_id, hand.user_id, 'corrected'
    FROM drawn t
    JOIN payments_bankdetails d ON d.id = t.details_id
    CROSS JOIN LATERAL (VALUES (d.proposed_by_id), (d.decided_by_id)) AS hand (user_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER hands_of_details AFTER INSERT ON payments_transfer
    REFERENCING NEW TABLE AS drawn
    FOR EACH STATEMENT EXECUTE FUNCTION payments_hands_of_details();
"""

ANSWERS = f"""
CREATE FUNCTION payments_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'payments_answerentry'
       AND to_jsonb(OLD) ->> 'handled_at' IS NULL
       AND to_jsonb(OLD) - '{{handled_by_id,handled_at,note}}'::text[]
           = to_jsonb(NEW) - '{{handled_by_id,handled_at,note}}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Answers of the bank are kept as they were received.' {ERROR};
END $$;
CREATE TRIGGER keep_answer BEFORE UPDATE OR DELETE ON payments_answer
    FOR EACH ROW EXECUTE FUNCTION payments_keep_answer();
CREATE TRIGGER keep_answer BEFORE UPDATE OR DELETE ON payments_answerentry
    FOR EACH ROW EXECUTE FUNCTION payments_keep_answer();
ALTER TABLE payments_answer ADD CONSTRAINT answer_sha256
    CHECK (encode(sha256(document), 'hex') = sha256);
"""

DROP = """
ALTER TABLE payments_answer DROP CONSTRAINT answer_sha256;
DROP TRIGGER keep_answer ON payments_answerentry;
DROP TRIGGER keep_answer ON payments_answer;
DROP FUNCTION payments_keep_answer;
DROP TRIGGER hands_of_details ON payments_transfer;
DROP FUNCTION payments_hands_of_details;
DROP TRIGGER guard_transfer ON payments_transfer;
DROP FUNCTION payments_guard_transfer;
DROP TRIGGER take_hands ON payments_batch;
DROP TRIGGER guard_batch ON payments_batch;
DROP FUNCTION payments_guard_batch;
DROP TRIGGER keep_order ON payments_paymentorder;
DROP FUNCTION payments_keep_order;
DROP TRIGGER take_hands ON payments_bankdetails;
DROP TRIGGER keep_bank_details ON payments_bankdetails;
DROP FUNCTION payments_keep_bank_details;
ALTER TABLE payments_bankdetails DROP CONSTRAINT bank_details_iban_digits;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0008_payments_to_the_bank"),
        ("registry", "0006_access_guards"),
    ]
    operations = [
        migrations.RunSQL(IBAN_DIGITS + DETAILS + ORDERS + BATCHES + TRANSFERS + ANSWERS, DROP),
    ]

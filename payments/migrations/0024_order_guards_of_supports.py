"""An order is of an approved run's proposal, or of a decision that grants a support (P-05)."""

from django.db import migrations

ORDERS = """
CREATE OR REPLACE FUNCTION payments_keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'A payment order is never changed or deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    {of_support}
    PERFORM FROM payments_proposal WHERE id = NEW.proposal_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
        WHERE p.id = NEW.proposal_id AND r.status = 'approved'
          AND p.payee_id = NEW.payee_id
          AND p.payable_cents + coalesce((SELECT sum(amount_cents) FROM payments_recoveryentry
                                          WHERE proposal_id = p.id), 0) = NEW.amount_cents
    ) THEN
        RAISE EXCEPTION 'A payment order is of an approved run''s proposal, to its payee and sum '
            'less what is set off.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
OF_SUPPORT = """
    IF NEW.support_id IS NOT NULL THEN
        IF NEW.proposal_id IS NULL AND EXISTS (
            SELECT FROM grants_supportproposal s JOIN grants_application a ON a.id = s.application_id
            WHERE s.id = NEW.support_id AND s.status = 'decided'
              AND a.applicant_id = NEW.payee_id AND s.difference_cents = NEW.amount_cents
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A payment order of a support is of a decision, to its applicant and sum.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0023_orders_of_supports"),
        ("grants", "0013_decision_guards"),
    ]
    operations = [
        migrations.RunSQL(ORDERS.format(of_support=OF_SUPPORT), ORDERS.format(of_support="")),
    ]

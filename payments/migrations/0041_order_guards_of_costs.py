"""A salary grant is paid by its accepted claims of costs, never by its decision (P-05)."""

from django.db import migrations

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"

# The function's other parts stay as they are.
ORDERS = f"""
DO $do$
DECLARE
    body text := pg_get_functiondef('payments_keep_order'::regproc);
BEGIN
    body := replace(body, $$WHERE s.id = NEW.support_id AND s.status = 'decided'$$,
        $$WHERE s.id = NEW.support_id AND s.status = 'decided' AND a.support <> 'palkka'$$);
    body := replace(body, $$    IF NEW.support_id IS NOT NULL THEN$$, $$    IF NEW.cost_id IS NOT NULL THEN
        IF NEW.proposal_id IS NULL AND NEW.support_id IS NULL AND EXISTS (
            SELECT FROM grants_costclaim c JOIN grants_application a ON a.id = c.application_id
            WHERE c.id = NEW.cost_id AND c.status = 'accepted'
              AND a.applicant_id = NEW.payee_id AND c.accepted_cents = NEW.amount_cents
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A payment order of costs is of an accepted claim, to its applicant and sum.'
            {ERROR};
    END IF;
    IF NEW.support_id IS NOT NULL THEN$$);
    EXECUTE body;
END $do$;
"""
BEFORE = f"""
DO $do$
DECLARE
    body text := pg_get_functiondef('payments_keep_order'::regproc);
BEGIN
    body := replace(body, $$ AND a.support <> 'palkka'$$, '');
    body := regexp_replace(body,
        '    IF NEW.cost_id IS NOT NULL THEN.*?    IF NEW.support_id IS NOT NULL THEN',
        '    IF NEW.support_id IS NOT NULL THEN');
    EXECUTE body;
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0040_orders_of_costs"),
        ("grants", "0027_cost_guards"),
    ]
    operations = [migrations.RunSQL(ORDERS, BEFORE)]

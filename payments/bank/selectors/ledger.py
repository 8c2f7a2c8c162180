"""The ledger by payee, and the proof that runs, orders, files and bank agree to the cent (C-35)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.lib.downloads import decimal_comma
from grants.models import CostClaim, SupportProposal
from payments.models import Proposal, RunStatus, Transfer
from payments.recovery.models import to_pay
from registry.models import Organisation

# By payee, in cents: what approved runs booked, decisions on supports granted and claims of costs
# were accepted for, what the bank debited and returned, what was set off against the payee's months,
# and what is still open of its recoveries.
BY_PAYEE = """
SELECT payee_id, sum(booked)::bigint, sum(payable)::bigint, sum(paid)::bigint,
       sum(returned)::bigint, sum(set_off)::bigint, sum(recovered)::bigint, sum(owed)::bigint
FROM (
    SELECT p.payee_id, p.amount_cents AS booked, p.payable_cents AS payable, 0 AS paid,
           0 AS returned, 0 AS set_off, 0 AS recovered, 0 AS owed
    FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
    WHERE r.status = 'approved'
    UNION ALL
    SELECT a.applicant_id, s.difference_cents, s.difference_cents, 0, 0, 0, 0, 0
    FROM grants_supportproposal s JOIN grants_application a ON a.id = s.application_id
    WHERE s.status = 'decided' AND a.support <> 'palkka'
    UNION ALL
    SELECT a.applicant_id, c.accepted_cents, c.accepted_cents, 0, 0, 0, 0, 0
    FROM grants_costclaim c JOIN grants_application a ON a.id = c.application_id
    WHERE c.status IN ('accepted', 'paid')
    UNION ALL
    SELECT o.payee_id, 0, 0, t.amount_cents,
           CASE WHEN t.status = 'returned' THEN t.amount_cents ELSE 0 END, 0, 0, 0
    FROM payments_transfer t JOIN payments_paymentorder o ON o.id = t.order_id
    WHERE t.status IN ('paid', 'returned')
    UNION ALL
    SELECT p.payee_id, 0, 0, 0, 0, -e.amount_cents, 0, 0
    FROM payments_recoveryentry e JOIN payments_proposal p ON p.id = e.proposal_id
    UNION ALL
    SELECT c.payee_id, 0, 0, 0, 0, 0,
           CASE WHEN 'paid' IN (e.kind, of.kind) THEN -e.amount_cents ELSE 0 END, e.amount_cents
    FROM payments_recoveryentry e
    JOIN payments_recoverycase c ON c.id = e.case_id
    LEFT JOIN payments_recoveryentry of ON of.id = e.reverses_id
) entries
GROUP BY payee_id
"""

# Each row is two sums that must be equal; in cents.
PROOFS = """
WITH proposals AS (
    SELECT p.id, p.amount_cents, p.payable_cents, p.recovery_cents
    FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
    WHERE r.status = 'approved'
),
supports AS (
    SELECT s.id, s.difference_cents
    FROM grants_supportproposal s JOIN grants_application a ON a.id = s.application_id
    WHERE s.status = 'decided' AND a.support <> 'palkka'
),
live AS (
    SELECT order_id, amount_cents FROM payments_transfer
    WHERE status IN ('drawn', 'sent', 'accepted', 'unknown', 'paid')
),
booked AS (
    SELECT t.status, sum(e.amount_cents) FILTER (WHERE e.kind = 'paid') AS debits,
           sum(e.amount_cents) FILTER (WHERE e.kind = 'returned') AS returns
    FROM payments_answerentry e JOIN payments_transfer t ON t.id = e.transfer_id
    WHERE e.outcome = 'applied' AND e.kind IN ('paid', 'returned')
    GROUP BY t.status
)
SELECT 'runs', (SELECT sum(amount_cents) FROM proposals),
       (SELECT sum(payable_cents) - sum(recovery_cents) FROM proposals)
UNION ALL
SELECT 'recoveries', (SELECT sum(recovery_cents) FROM proposals),
       (SELECT sum(e.amount_cents) FROM payments_recoveryentry e
        JOIN payments_recoverycase c ON c.id = e.case_id
        WHERE e.kind = 'claimed' AND c.regime = 'compensation')
UNION ALL
SELECT 'orders',
       (SELECT sum(p.payable_cents) FROM proposals p JOIN payments_paymentorder o
        ON o.proposal_id = p.id),
       (SELECT sum(amount_cents) FROM payments_paymentorder WHERE proposal_id IS NOT NULL)
       - (SELECT coalesce(sum(e.amount_cents), 0) FROM payments_recoveryentry e
          JOIN payments_paymentorder o ON o.proposal_id = e.proposal_id)
UNION ALL
SELECT 'granted', (SELECT sum(difference_cents) FROM supports),
       (SELECT sum(amount_cents) FROM grants_proposedrow WHERE is_granted)
UNION ALL
SELECT 'supports',
       (SELECT sum(s.difference_cents) FROM supports s JOIN payments_paymentorder o
        ON o.support_id = s.id),
       (SELECT sum(amount_cents) FROM payments_paymentorder WHERE support_id IS NOT NULL)
UNION ALL
SELECT 'costs',
       (SELECT sum(d.amount_cents) FROM grants_costclaim c JOIN registry_decision d
        ON d.id = c.decision_id JOIN payments_paymentorder o ON o.cost_id = c.id),
       (SELECT sum(amount_cents) FROM payments_paymentorder WHERE cost_id IS NOT NULL)
UNION ALL
SELECT 'transfers',
       (SELECT sum(o.amount_cents) FROM payments_paymentorder o JOIN live ON live.order_id = o.id),
       (SELECT sum(amount_cents) FROM live)
UNION ALL
SELECT 'batches', (SELECT sum(sum_cents) FROM payments_batch),
       (SELECT sum(amount_cents) FROM payments_transfer)
UNION ALL
SELECT 'bank',
       (SELECT sum(amount_cents) FROM payments_transfer WHERE status = 'paid'),
       (SELECT coalesce(sum(debits), 0) FROM booked WHERE status = 'paid')
UNION ALL
SELECT 'returns',
       (SELECT sum(amount_cents) FROM payments_transfer WHERE status = 'returned'),
       (SELECT sum(returns) FROM booked WHERE status = 'returned')
"""

# What each proof says: the left sum and the right one.
SAID: dict[str, tuple[str | Promise, str | Promise]] = {
    "runs": (_("approved runs' proposals"), _("payable less to recover")),
    "recoveries": (_("their proposals below zero"), _("what recoveries claim")),
    "orders": (
        _("their positive proposals that have orders"),
        _("payment orders and what was set off against them"),
    ),
    "granted": (_("decisions on supports"), _("persons they grant")),
    "supports": (_("decisions on supports that have orders"), _("payment orders of supports")),
    "costs": (
        _("decisions on claims of costs that have orders"),
        _("payment orders of claims of costs"),
    ),
    "transfers": (_("orders in a batch or paid"), _("transfers that are not failed")),
    "batches": (_("sums of all batches"), _("all their transfers")),
    "bank": (_("transfers that are paid"), _("what the bank debited for them")),
    "returns": (_("transfers that were returned"), _("what the bank returned")),
}


@dataclass(frozen=True)
class PayeeAccount:
    """A payee in the ledger, in cents.

    Set off is what its months were reduced by, recovered what it paid back, to recover what is
    still open of its recoveries, interest with it.
    """

    payee: Organisation
    booked: int
    payable: int
    paid: int
    returned: int
    set_off: int
    recovered: int
    to_recover: int

    @property
    def open(self) -> int:
        """What is still to be paid: payable, less what was set off, less paid and not returned."""
        return self.payable - self.set_off - self.paid + self.returned


@dataclass(frozen=True)
class Proof:
    """Two sums that must be equal, in cents."""

    left: str | Promise
    right: str | Promise
    left_cents: int
    right_cents: int

    @property
    def difference(self) -> int:
        """Zero, if all is well."""
        return self.left_cents - self.right_cents


def payee_accounts() -> list[PayeeAccount]:
    """Every payee that has been booked or paid anything; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(BY_PAYEE)
        sums = {payee: rest for payee, *rest in cursor.fetchall()}
    payees = Organisation.objects.filter(pk__in=sums).order_by("kind", "code")
    return [PayeeAccount(payee, *sums[payee.pk]) for payee in payees]


def payee_proposals(payee: Organisation) -> list[Proposal]:
    """A payee's proposals in approved runs with their orders and transfers, the latest first.

    `to_pay_cents` is what is left of each after its set-offs. Two queries.
    """
    transfers = Transfer.objects.select_related("batch").defer("batch__document")
    return list(
        payee.proposals.filter(run__status=RunStatus.APPROVED)
        .annotate(to_pay_cents=to_pay(), set_off_cents=F("payable_cents") - F("to_pay_cents"))
        .select_related("run", "order", "recovery")
        .prefetch_related(Prefetch("order__transfers", queryset=transfers))
        .order_by("-run__month")
    )


def payee_supports(payee: Organisation) -> list[SupportProposal]:
    """Decisions that grant a payee supports, with orders and transfers, the latest first.

    Two queries.
    """
    transfers = Transfer.objects.select_related("batch").defer("batch__document")
    return list(
        SupportProposal.objects.payable()
        .filter(application__applicant=payee)
        .select_related("decision", "application", "order")
        .prefetch_related(Prefetch("order__transfers", queryset=transfers))
        .order_by("-decided_at")
    )


def payee_costs(payee: Organisation) -> list[CostClaim]:
    """A payee's accepted claims of costs, with orders and transfers, the latest first.

    Two queries.
    """
    transfers = Transfer.objects.select_related("batch").defer("batch__document")
    return list(
        CostClaim.objects.payable()
        .filter(application__applicant=payee)
        .select_related("decision", "application", "order")
        .prefetch_related(Prefetch("order__transfers", queryset=transfers))
        .order_by("-decision")
    )


def account_sums(accounts: list[PayeeAccount]) -> dict[str, int]:
    """The columns summed, in cents."""
    names = ("booked", "paid", "returned", "set_off", "open", "to_recover", "recovered")
    return {name: sum(getattr(account, name) for account in accounts) for name in names}


def proofs() -> list[Proof]:
    """Runs, orders, transfers, files and bank against each other; one query."""
    with connection.cursor() as cursor:
        cursor.execute(PROOFS)
        rows = cursor.fetchall()
    return [Proof(*SAID[name], int(left or 0), int(right or 0)) for name, left, right in rows]


def accounts_table(accounts: list[PayeeAccount]) -> tuple[list[object], Iterator[list[object]]]:
    """Header and rows of the ledger for a download."""
    header: list[object] = [
        _("Kind"), _("Code"), _("Payee"), _("Booked, €"), _("Paid, €"), _("Returned, €"),
        _("Set off, €"), _("Still to pay, €"), _("To recover, €"), _("Paid back, €"),
    ]  # fmt: skip
    return header, (_written(account) for account in accounts)


def _written(account: PayeeAccount) -> list[object]:
    sums = (
        account.booked, account.paid, account.returned, account.set_off, account.open,
        account.to_recover, account.recovered,
    )  # fmt: skip
    payee = account.payee
    return [payee.get_kind_display(), payee.code, payee.name, *map(decimal_comma, sums)]

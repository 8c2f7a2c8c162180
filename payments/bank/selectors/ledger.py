"""The ledger by payee, and the proof that runs, orders, files and bank agree to the cent (C-35)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.lib.downloads import decimal_comma
from payments.models import Proposal, RunStatus, Transfer
from registry.models import Organisation

# By payee, in cents: what approved runs booked, what the bank debited and returned.
BY_PAYEE = """
SELECT payee_id, sum(booked)::bigint, sum(payable)::bigint, sum(recoverable)::bigint,
       sum(paid)::bigint, sum(returned)::bigint
FROM (
    SELECT p.payee_id, p.amount_cents AS booked, p.payable_cents AS payable,
           p.recovery_cents AS recoverable, 0 AS paid, 0 AS returned
    FROM payments_proposal p JOIN payments_run r ON r.id = p.run_id
    WHERE r.status = 'approved'
    UNION ALL
    SELECT o.payee_id, 0, 0, 0, t.amount_cents,
           CASE WHEN t.status = 'returned' THEN t.amount_cents ELSE 0 END
    FROM payments_transfer t JOIN payments_paymentorder o ON o.id = t.order_id
    WHERE t.status IN ('paid', 'returned')
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
SELECT 'orders',
       (SELECT sum(p.payable_cents) FROM proposals p JOIN payments_paymentorder o
        ON o.proposal_id = p.id),
       (SELECT sum(amount_cents) FROM payments_paymentorder)
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
    "orders": (_("their positive proposals that have orders"), _("payment orders")),
    "transfers": (_("orders in a batch or paid"), _("transfers that are not failed")),
    "batches": (_("sums of all batches"), _("all their transfers")),
    "bank": (_("transfers that are paid"), _("what the bank debited for them")),
    "returns": (_("transfers that were returned"), _("what the bank returned")),
}


@dataclass(frozen=True)
class PayeeAccount:
    """A payee in the ledger, in cents; recovered is 0 until recoveries are decided."""

    payee: Organisation
    booked: int
    payable: int
    to_recover: int
    paid: int
    returned: int
    recovered: int = 0

    @property
    def open(self) -> int:
        """What is still to be paid: payable, less paid and not returned."""
        return self.payable - self.paid + self.returned


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

    Two queries.
    """
    transfers = Transfer.objects.select_related("batch").defer("batch__document")
    return list(
        payee.proposals.filter(run__status=RunStatus.APPROVED)
        .select_related("run", "order")
        .prefetch_related(Prefetch("order__transfers", queryset=transfers))
        .order_by("-run__month")
    )


def account_sums(accounts: list[PayeeAccount]) -> dict[str, int]:
    """The columns summed, in cents."""
    names = ("booked", "payable", "to_recover", "paid", "returned", "recovered", "open")
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
        _("Still to pay, €"), _("To recover, €"), _("Recovered, €"),
    ]  # fmt: skip
    return header, (_written(account) for account in accounts)


def _written(account: PayeeAccount) -> list[object]:
    sums = (
        account.booked, account.paid, account.returned, account.open, account.to_recover,
        account.recovered,
    )  # fmt: skip
    payee = account.payee
    return [payee.get_kind_display(), payee.code, payee.name, *map(decimal_comma, sums)]

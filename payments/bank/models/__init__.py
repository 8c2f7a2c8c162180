"""Bank details, orders, batches and answers: from approved runs to the bank and back (P-05)."""

from payments.bank.models.answers import (
    Answer,
    AnswerEntry,
    AnswerKind,
    EntryKind,
    EntryOutcome,
    Stranger,
)
from payments.bank.models.batches import Batch, BatchStatus
from payments.bank.models.details import BankDetails, DetailsStatus
from payments.bank.models.orders import PaymentOrder, Transfer, TransferStatus

__all__ = [
    "Answer",
    "AnswerEntry",
    "AnswerKind",
    "BankDetails",
    "Batch",
    "BatchStatus",
    "DetailsStatus",
    "EntryKind",
    "EntryOutcome",
    "PaymentOrder",
    "Stranger",
    "Transfer",
    "TransferStatus",
]

"""Why a step of payments is refused: each carries one sentence for the person who asked."""


class BankRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""


class DetailsRefused(BankRefused):
    """The bank details are not valid, or their change cannot be decided."""


class BatchRefused(BankRefused):
    """The batch is not in a state for this step, or rests on what has changed."""


class SamePerson(BankRefused):
    """Nobody checks or approves what they themselves had a part in (P-01)."""


class NotDelivered(BankRefused):
    """The file did not reach its place; sending again is harmless."""


class AnswerRefused(BankRefused):
    """The bank's file is refused as a whole; nothing of it is kept."""

"""Why a step of a recovery cannot be taken."""


class RecoveryRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""

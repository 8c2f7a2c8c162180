"""Why a step with manual cases is refused: one sentence for the person who asked."""


class CaseRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""

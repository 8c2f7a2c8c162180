"""Why a step with a link is refused: one sentence for the person who asked."""


class LinkRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""

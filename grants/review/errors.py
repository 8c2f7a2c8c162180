"""Why a step of the check or of the decision is refused: one sentence for the person who asked."""

from grants.applications.steps import ApplicationRefused


class ReviewRefused(ApplicationRefused):
    """The step of the check cannot be taken."""

"""What the template's hidden sheet says: whose template it is, and that we made it (G-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from django.core.signing import BadSignature, Signer

from grants.lists.reading.refusals import ListRefused, Refusal
from grants.rounds.models import Round
from registry.models import Organisation

NO_ROUND = "-"
SIGNER = Signer(salt="grants.lists.template", sep="#")


@dataclass(frozen=True)
class Stamp:
    """Support, round, template version and applicant (kind and code) of a template.

    A list that no round asks for has its own name in the place of a support, and no round.
    """

    support: str
    round: str
    version: str
    applicant: str

    @classmethod
    def of(cls, round_: Round, applicant: Organisation) -> Stamp:
        """The stamp of a round's template for an applicant."""
        return cls(round_.support, round_.code, str(round_.template_version), _who(applicant))

    @classmethod
    def without_round(cls, name: str, version: str, applicant: Organisation) -> Stamp:
        """The stamp of an applicant's template for a list that no round asks for."""
        return cls(name, NO_ROUND, version, _who(applicant))

    @property
    def lines(self) -> tuple[str, ...]:
        """What the sheet says: the parts, and a checksum of them (HMAC)."""
        parts = astuple(self)
        return (*parts, SIGNER.signature("|".join(parts)))


def stamp_check(lines: Sequence[str], *, expected: Stamp, applicant_name: str) -> None:
    """Compare what a workbook's hidden sheet says with what it should. Raises ListRefused (G-09)."""
    details = {"applicant": applicant_name}
    if expected.round != NO_ROUND:
        details["round"] = expected.round
    if len(lines) != len(expected.lines):
        raise ListRefused(Refusal.NO_TEMPLATE, **details)
    given = Stamp(*lines[:-1])
    if not _is_ours(given, lines[-1]):
        raise ListRefused(Refusal.ALTERED_TEMPLATE, **details)
    for refusal, differs in (
        (Refusal.OTHER_SUPPORT, given.support != expected.support),
        (Refusal.OTHER_ROUND, given.round != expected.round),
        (Refusal.OTHER_APPLICANT, given.applicant != expected.applicant),
        (Refusal.OTHER_VERSION, given.version != expected.version),
    ):
        if differs:
            raise ListRefused(refusal, given=given.round, **details)


def _who(applicant: Organisation) -> str:
    return f"{applicant.kind}/{applicant.code}"


def _is_ours(stamp: Stamp, signature: str) -> bool:
    parts = "|".join(astuple(stamp))
    try:
        return SIGNER.unsign(f"{parts}{SIGNER.sep}{signature}") == parts
    except BadSignature:
        return False

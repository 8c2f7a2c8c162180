"""A row of the grid as the page draws it: a field for each column, its findings beside it."""

from __future__ import annotations

from dataclasses import dataclass

from grants.lists.codes import ADVICE, Code
from grants.lists.grid import GridRow
from grants.lists.languages import page_language
from grants.lists.models import RowFinding
from grants.lists.schema import Column, columns_of
from grants.lists.vocabulary import choices_of
from grants.lists.words import shown
from grants.rounds.models import Round
from registry.models import Organisation


@dataclass(frozen=True)
class Field:
    """A column of a row: its label and value, what was found in it, and its choices' list."""

    column: Column
    value: str
    findings: list[RowFinding]

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def label(self) -> str:
        return self.column.header[page_language()]

    @property
    def choices(self) -> str:
        """The id of the list of choices that the page has once; none for what is written."""
        return f"choices-{self.column.kind}" if self.column.has_choices else ""

    @property
    def has_error(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    @property
    def notes(self) -> list[tuple[bool, str, str]]:
        """Of each finding: whether it is an error, what it is, what to do."""
        return [
            (finding.is_error, str(Code(finding.code).label), str(ADVICE[Code(finding.code)]))
            for finding in self.findings
        ]


@dataclass(frozen=True)
class Card:
    """A row with its fields."""

    row: GridRow
    fields: list[Field]

    @property
    def is_faulty(self) -> bool:
        return any(field.has_error for field in self.fields)

    @property
    def has_findings(self) -> bool:
        return bool(self.row.findings)


def card_of(row: GridRow, round_: Round) -> Card:
    """A row as the page draws it."""
    return Card(
        row,
        [
            Field(
                column,
                shown(row.row, column),
                [finding for finding in row.findings if finding.column == column.name],
            )
            for column in columns_of(round_.support)
        ],
    )


def choices(round_: Round, applicant: Organisation) -> dict[str, list[str]]:
    """What the drop-downs of the grid offer, by kind, in the language of the page; two queries."""
    found = choices_of(round_, applicant, page_language())
    kinds = {column.kind for column in columns_of(round_.support)}
    return {f"choices-{kind}": texts for kind, texts in found.items() if kind in kinds}

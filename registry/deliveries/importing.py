"""One import inside its transaction: files staged, then matched, checked and merged in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from django.db.backends.utils import CursorWrapper

from registry.deliveries import checks
from registry.deliveries import layout as files
from registry.deliveries.fact_tables import FACTS
from registry.deliveries.identities import CodeChecker, codes_check
from registry.deliveries.layout import Layout
from registry.deliveries.matching import match
from registry.deliveries.merging import merge
from registry.deliveries.notices import Notices
from registry.deliveries.rejected import rejected_keep
from registry.deliveries.staging import Reading, stage, staging_create

CHECKS: dict[str, Callable[[CursorWrapper], None]] = {
    files.PERSONS: checks.persons_check,
    files.PERMITS: checks.permits_check,
    files.POPULATION: checks.population_check,
    files.RESIDENCES: checks.residences_check,
    files.AGREEMENTS: checks.agreements_check,
}
SCRATCH = ("incoming", "same", "judged")
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Import:
    """A delivery on its way into the register. Raises DeliveryRefused."""

    cursor: CursorWrapper
    layouts: Sequence[Layout]
    reading: Reading
    notices: Notices
    codes: CodeChecker
    delivery_id: int

    def run(self) -> Counts:
        """Import the files that were delivered and return what became of their rows."""
        rows = {}
        for layout in self.layouts:
            staging_create(self.cursor, layout)
            if layout.file in self.reading.content.sizes:
                rows[layout.file] = stage(self.cursor, layout, self.reading, self.notices)
        counts = {}
        for layout in self.layouts:
            if layout.file in rows:
                counts[layout.file] = self._merge(layout, rows[layout.file])
            if layout.file == files.PERSONS:
                checks.refused_persons_note(self.cursor)
        self._count_kept_aside(counts)
        self._clean_up()
        return counts

    def _merge(self, layout: Layout, rows: int) -> dict[str, int]:
        """Bring the rows of a file into its facts, those that may not go in left out."""
        fact = FACTS[layout.file]
        match(self.cursor, fact)
        if layout.has_codes:
            codes_check(self.cursor, fact, self.reading, self.codes)
        CHECKS[layout.file](self.cursor)
        refused = rejected_keep(self.cursor, layout, self.reading, delivery_id=self.delivery_id)
        merged = merge(
            self.cursor, fact, layout, delivery_id=self.delivery_id, accepted=rows - refused
        )
        return {
            "rows": rows,
            "accepted": rows - refused,
            "refused": refused,
            **asdict(merged),
            "kept_aside": 0,
        }

    def _count_kept_aside(self, counts: Counts) -> None:
        """Count the accepted rows whose identity code no person of UMA has (C-01)."""
        if files.POPULATION in counts or files.RESIDENCES in counts:
            self.cursor.execute(KEPT_ASIDE, [files.POPULATION, files.RESIDENCES])
            for file, rows in self.cursor.fetchall():
                counts[file]["kept_aside"] = rows

    def _clean_up(self) -> None:
        """Drop what another import in the same transaction would stumble on."""
        names = [f"{kind}_{layout.name}" for kind in SCRATCH for layout in self.layouts]
        scratch = ", ".join(f"pg_temp.{name}" for name in (*names, *checks.SCRATCH))
        self.cursor.execute(f"DROP TABLE IF EXISTS {scratch}")


KEPT_ASIDE = """
    SELECT s.file, count(*)
    FROM (
        SELECT %s AS file, personal_identity_code, refusal FROM incoming_vtj_persons
        UNION ALL
        SELECT %s, personal_identity_code, refusal FROM incoming_vtj_residences
    ) s
    JOIN registry_identitycode i ON i.code_hash = s.personal_identity_code
    WHERE s.refusal IS NULL AND NOT EXISTS (
        SELECT FROM registry_persondetails held
        WHERE held.identity_id = i.id AND held.closed_by_id IS NULL
    )
    GROUP BY s.file
"""

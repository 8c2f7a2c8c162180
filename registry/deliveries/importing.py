"""One import inside its transaction: files staged, then matched, checked and merged in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from django.db.backends.utils import CursorWrapper

from registry.deliveries import checks
from registry.deliveries import layout as files
from registry.deliveries.checking import BlockChecker
from registry.deliveries.fact_tables import FACTS, FactTable
from registry.deliveries.identities import CodeChecker, codes_check
from registry.deliveries.layout import Layout
from registry.deliveries.matching import match, refuse_repeats
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
        staged = {}
        for layout in self.layouts:
            staging_create(self.cursor, layout)
            if layout.file in self.reading.content.sizes:
                staged[layout.file] = stage(self.cursor, layout, self.reading, self.notices)
        counts = {}
        for layout in self.layouts:
            if layout.file in staged:
                counts[layout.file] = self._merge(layout, staged[layout.file])
            if layout.file == files.PERSONS:
                checks.refused_persons_note(self.cursor)
        self._clean_up()
        return counts

    def _merge(self, layout: Layout, staged: BlockChecker) -> dict[str, int]:
        """Bring the rows of a file into its facts, those that may not go in left out."""
        fact = FACTS[layout.file]
        unchanged = match(self.cursor, fact, rows=staged.rows)
        self._check(layout, fact, has_fresh=staged.rows - staged.refused > unchanged)
        refused = rejected_keep(self.cursor, layout, self.reading, delivery_id=self.delivery_id)
        accepted = staged.rows - refused
        merged = merge(self.cursor, fact, layout, delivery_id=self.delivery_id, accepted=accepted)
        kept_aside = self._kept_aside(fact) if fact.owner == "identity_id" else 0
        return {
            "rows": staged.rows,
            "accepted": accepted,
            "refused": refused,
            **asdict(merged),
            "kept_aside": kept_aside,
        }

    def _check(self, layout: Layout, fact: FactTable, *, has_fresh: bool) -> None:
        """Refuse the rows that may not go in; facts of the register clash with nothing."""
        if has_fresh and layout.has_codes:
            codes_check(self.cursor, fact, self.reading, self.codes)
        checks.refuse_with_person(self.cursor, fact)
        if has_fresh:
            CHECKS[layout.file](self.cursor)
        else:
            refuse_repeats(self.cursor, fact, layout.key[-1])

    def _kept_aside(self, fact: FactTable) -> int:
        """Count the accepted rows whose identity code no person of UMA has (C-01)."""
        self.cursor.execute(f"""
            SELECT count(*) FROM incoming_{fact.name} s
            WHERE s.refusal IS NULL AND s.{files.CODE} IN (
                SELECT i.code_hash FROM registry_identitycode i WHERE NOT EXISTS (
                    SELECT FROM registry_persondetails held
                    WHERE held.identity_id = i.id AND held.closed_by_id IS NULL
                )
            )
        """)
        return int(self.cursor.fetchone()[0])

    def _clean_up(self) -> None:
        """Drop what another import in the same transaction would stumble on."""
        names = [f"{kind}_{layout.name}" for kind in SCRATCH for layout in self.layouts]
        scratch = ", ".join(f"pg_temp.{name}" for name in (*names, *checks.SCRATCH))
        self.cursor.execute(f"DROP TABLE IF EXISTS {scratch}")

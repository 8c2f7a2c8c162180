"""Compare the naive law and ledger with the golden cases, byte for byte.

Usage: python -m tests.naive.check_golden FOLDER (it holds domain/, reference/ and golden/).
"""

import csv
import io
import sys
from collections.abc import Iterable
from datetime import date
from difflib import unified_diff
from pathlib import Path

from .law import assess_month, next_month
from .ledger import Claimable, Ledger, LedgerLine, Proposal
from .register import Reference, Register, read_delivery, read_rows

LINE_HEADER = "benefit_month,uma_number,payee_kind,payee_code,component,amount_eur"
UNPAID_HEADER = "benefit_month,uma_number,reason"
RUN_HEADER = (
    "run_month,benefit_month,uma_number,payee_kind,payee_code,component,kind,route,amount_eur"
)
CLAIMABLE_HEADER = f"{LINE_HEADER},last_day_to_apply"
PROPOSAL_HEADER = "run_month,payee_kind,payee_code,persons,amount_eur,payable_eur,recovery_eur"


def euros(cents: int) -> str:
    """Cents as euros with two decimals."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def csv_text(header: str, rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def assess_texts(
    register: Register, reference: Reference, months: Iterable[date]
) -> tuple[str, str]:
    """The texts of the command assess for the months: lines and unpaid."""
    lines: list[tuple[str, ...]] = []
    unpaid: list[tuple[str, ...]] = []
    for day in months:
        month = f"{day:%Y-%m}"
        for uma, result in assess_month(register, reference, day).items():
            lines += [(month, uma, *line[:3], euros(line.cents)) for line in result.lines]
            if result.unpaid_reason:
                unpaid.append((month, uma, result.unpaid_reason))
    return csv_text(LINE_HEADER, sorted(lines)), csv_text(UNPAID_HEADER, sorted(unpaid))


def lines_text(lines: Iterable[LedgerLine]) -> str:
    """The text of export_lines."""
    rows = [
        (f"{ln.run_month:%Y-%m}", f"{ln.benefit_month:%Y-%m}", *ln[2:8], euros(ln.cents))
        for ln in lines
    ]
    return csv_text(RUN_HEADER, rows)


def claimable_text(entries: Iterable[Claimable]) -> str:
    """The text of export_claimable."""
    rows = [
        (f"{e.benefit_month:%Y-%m}", *e[1:5], euros(e.cents), e.last_day_to_apply.isoformat())
        for e in entries
    ]
    return csv_text(CLAIMABLE_HEADER, rows)


def proposals_text(proposals: Iterable[Proposal]) -> str:
    """The text of export_proposals."""
    rows = [
        (f"{p.run_month:%Y-%m}", p.payee_kind, p.payee_code, str(p.persons), *map(euros, p[4:]))
        for p in proposals
    ]
    return csv_text(PROPOSAL_HEADER, rows)


def compared(path: Path, text: str) -> list[str]:
    """The differences between a golden file and what we got; empty when equal to the byte."""
    golden = path.read_bytes()
    if golden == text.encode():
        return []
    diff = unified_diff(golden.decode().splitlines(), text.splitlines(), path.name, "naive", n=0)
    return list(diff) or [f"{path.name}: differs in line ends"]


def reference_of(shared: Path) -> Reference:
    """The reference tables as the shared folder keeps them."""
    return Reference.load(shared / "reference", shared / "domain")


def check_compensation(shared: Path) -> list[str]:
    """Compare law.py with golden/compensation for every month in it."""
    folder = shared / "golden" / "compensation"
    names = ("expected_lines.csv", "expected_unpaid.csv")
    months = {row["benefit_month"] for name in names for row in read_rows(folder / name)}
    register = Register().apply(read_delivery(folder / "delivery"))
    days = [date.fromisoformat(f"{month}-01") for month in sorted(months)]
    texts = assess_texts(register, reference_of(shared), days)
    return [
        d for name, text in zip(names, texts, strict=True) for d in compared(folder / name, text)
    ]


def check_history(shared: Path) -> list[str]:
    """Compare ledger.py with golden/history: delivery 01 before run 11/2024 and so on."""
    folder, reference = shared / "golden" / "history", reference_of(shared)
    register, ledger, month = Register(), Ledger(), date(2024, 11, 1)
    last = max(path.name[:7] for path in (folder / "expected").iterdir())
    differences, number = [], 1
    while f"{month:%Y-%m}" <= last:
        register = register.apply(read_delivery(folder / "deliveries" / f"{number:02}"))
        run = ledger.run(month, register, reference)
        expected = folder / "expected" / f"{month:%Y-%m}"
        differences += compared(Path(f"{expected}-lines.csv"), lines_text(run.lines))
        differences += compared(Path(f"{expected}-claimable.csv"), claimable_text(run.claimable))
        differences += compared(Path(f"{expected}-proposals.csv"), proposals_text(run.proposals))
        ledger.book()
        differences += ledger.check(run, register, reference)
        month, number = next_month(month), number + 1
    return differences


def main(shared: Path) -> int:
    """Print every difference; 0 when there is none."""
    failed = 0
    for name, check in (("compensation", check_compensation), ("history", check_history)):
        differences = check(shared)
        print(f"{name}: {'DIFFERS' if differences else 'equal to the byte'}")
        print("".join(f"  {line}\n" for line in differences), end="")
        failed = failed or int(bool(differences))
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

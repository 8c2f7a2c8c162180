"""The golden cases, byte for byte, through the commands (see tests/golden/README.md)."""

import filecmp
from pathlib import Path

import pytest
from django.core.management import call_command

from config.lib.months import Month

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SHARED = GOLDEN.parents[2] / "shared" / "golden"
COMPENSATION, HISTORY = GOLDEN / "compensation", GOLDEN / "history"
FIRST_RUN = Month(2024, 11)


def months_of(*paths: Path) -> list[str]:
    """The benefit months the files speak of."""
    rows = [row for path in paths for row in path.read_text().splitlines()[1:]]
    return sorted({row.split(",")[0] for row in rows})


@pytest.fixture
def compensation(db):
    """The register of the compensation cases."""
    call_command("import_delivery", COMPENSATION / "delivery")
    call_command("import_agreements", COMPENSATION / "delivery" / "agreements.csv")


def test_compensation(compensation, tmp_path):
    golden = {part: COMPENSATION / f"expected_{part}.csv" for part in ("lines", "unpaid")}
    found = dict.fromkeys(golden, b"")
    out = {part: tmp_path / part for part in golden}
    for month in months_of(*golden.values()):
        call_command("assess", month, "--lines", out["lines"], "--unpaid", out["unpaid"])
        for part, path in out.items():
            header, _, rows = path.read_bytes().partition(b"\n")
            found[part] = (found[part] or header + b"\n") + rows
    assert found == {part: path.read_bytes() for part, path in golden.items()}


def deliver(folder: Path) -> None:
    """Import what a month delivers, if anything."""
    if list(folder.glob("[uv]*.csv")):
        call_command("import_delivery", folder)
    if (folder / "agreements.csv").exists():
        call_command("import_agreements", folder / "agreements.csv")


def exports(month: Month, folder: Path) -> dict[str, bytes]:
    """What the exports of a run write, by file name."""
    for part in ("lines", "claimable", "proposals"):
        call_command(f"export_{part}", str(month), "--output", folder / f"{month}-{part}.csv")
    return {path.name: path.read_bytes() for path in sorted(folder.glob(f"{month}-*.csv"))}


def test_history(kalle, hilkka, tmp_path):
    golden = {path.name: path.read_bytes() for path in sorted((HISTORY / "expected").iterdir())}
    found = {}
    for number in range(7):
        month = str(FIRST_RUN + number)
        deliver(HISTORY / "deliveries" / f"{number + 1:02}")
        call_command("run_month", month)
        call_command("approve_run", month, "--checker", "kalle", "--approver", "hilkka")
        found |= exports(FIRST_RUN + number, tmp_path)
    assert found == golden


def test_the_copy_is_that_of_the_shared_folder():
    if not SHARED.exists():
        pytest.skip("the shared folder is not beside this clone")
    assert differences(filecmp.dircmp(SHARED, GOLDEN, ignore=["README.md"])) == []


def differences(compared: filecmp.dircmp) -> list[str]:
    """Files of which one folder has no equal in the other."""
    here = [*compared.left_only, *compared.right_only, *compared.diff_files]
    return here + [name for sub in compared.subdirs.values() for name in differences(sub)]

"""Facts put into the register directly, without the import, where a test is not about the import.

The rows are those of the files (tests/naive/register.py), first deliveries only: nothing is closed.
"""

from __future__ import annotations

from config.lib.sealing import keyed_hash
from registry.models import (
    Agreement,
    Delivery,
    DeliveryKind,
    IdentityCode,
    Organisation,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    Residence,
)
from tests.factories import DeliveryFactory
from tests.naive.register import Delivery as Rows
from tests.naive.register import Row

KNOWN = {"true": True, "false": False, "": None}


def load(rows: Rows) -> Delivery:
    """Bring all rows with one delivery."""
    delivery = DeliveryFactory(kind=DeliveryKind.REGISTRY)
    identities = _identities(rows)
    persons = _persons(rows)
    towns = dict(Organisation.objects.municipalities().values_list("code", "pk"))
    PersonDetails.objects.bulk_create(
        _details(row, persons, identities, delivery) for row in rows.get("uma_persons.csv", [])
    )
    Permit.objects.bulk_create(
        _permit(row, persons, delivery) for row in rows.get("uma_permits.csv", [])
    )
    PopulationRecord.objects.bulk_create(
        _record(row, identities, delivery) for row in rows.get("vtj_persons.csv", [])
    )
    Residence.objects.bulk_create(
        _residence(row, identities, towns, delivery) for row in rows.get("vtj_residences.csv", [])
    )
    Agreement.objects.bulk_create(
        _agreement(row, towns, delivery) for row in rows.get("agreements.csv", [])
    )
    return delivery


def _persons(rows: Rows) -> dict[str, int]:
    named = {row["uma_number"] for row in rows.get("uma_persons.csv", [])}
    Person.objects.bulk_create((Person(uma_number=uma) for uma in named), ignore_conflicts=True)
    return dict(Person.objects.values_list("uma_number", "pk"))


def _identities(rows: Rows) -> dict[str, int]:
    files = ("uma_persons.csv", "vtj_persons.csv", "vtj_residences.csv")
    codes = {row["personal_identity_code"] for name in files for row in rows.get(name, [])} - {""}
    hashes = {keyed_hash(code): code for code in codes}
    IdentityCode.objects.bulk_create(
        (IdentityCode(code_hash=code_hash, sealed=b"") for code_hash in hashes),
        ignore_conflicts=True,
    )
    known = IdentityCode.objects.filter(code_hash__in=hashes).values_list("code_hash", "pk")
    return {hashes[code_hash]: pk for code_hash, pk in known}


def _details(row: Row, persons: dict, identities: dict, delivery: Delivery) -> PersonDetails:
    return PersonDetails(
        brought_by=delivery,
        person_id=persons[row["uma_number"]],
        identity_id=identities.get(row["personal_identity_code"]),
        birth_date=row["birth_date"],
        born_in_finland=row["born_in_finland"] == "true",
        parent_uma_numbers=row["parent_uma_numbers"].split(),
    )


def _permit(row: Row, persons: dict, delivery: Delivery) -> Permit:
    return Permit(
        brought_by=delivery,
        person_id=persons[row["uma_number"]],
        permit_number=row["permit_number"],
        ground_id=row["ground"],
        applied_for_protection=KNOWN[row["applied_for_protection"]],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"] or None,
        principal_uma_number=row["principal_uma_number"],
        tie_before_arrival=KNOWN[row["tie_before_arrival"]],
    )


def _record(row: Row, identities: dict, delivery: Delivery) -> PopulationRecord:
    return PopulationRecord(
        brought_by=delivery,
        identity_id=identities[row["personal_identity_code"]],
        death_date=row["death_date"] or None,
        finnish_citizen_from=row["finnish_citizen_from"] or None,
    )


def _residence(row: Row, identities: dict, towns: dict, delivery: Delivery) -> Residence:
    return Residence(
        brought_by=delivery,
        identity_id=identities[row["personal_identity_code"]],
        municipality_id=towns[row["municipality_code"]],
        moved_in=row["moved_in"],
        moved_out=row["moved_out"] or None,
    )


def _agreement(row: Row, towns: dict, delivery: Delivery) -> Agreement:
    return Agreement(
        brought_by=delivery,
        municipality_id=towns[row["municipality_code"]],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"] or None,
        reference=row["reference"],
    )

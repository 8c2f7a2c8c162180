"""The tables of facts a delivery fills: whose facts they are, and where their columns come from.

In the expressions `s` is the incoming row, `o` the owner, `i` the identity code.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.deliveries import layout as files

PARENTS = "array_remove(string_to_array(s.parent_uma_numbers, ' '), '')::varchar(40)[]"


@dataclass(frozen=True)
class FactTable:
    """A table of facts; of one owner the file of a delivery is the full truth.

    `same` joins a current fact `f` to an equal incoming row: `key` by equality, so that it can be
    hashed or looked up, the other columns null or not, and if `same_if` holds.
    """

    file: str
    table: str
    owner: str
    joins: str
    key: dict[str, str]
    others: dict[str, str]
    same_if: str = "true"

    @property
    def name(self) -> str:
        return self.file.removesuffix(".csv")

    @property
    def columns(self) -> dict[str, str]:
        return {self.owner: "o.id"} | self.key | self.others

    @property
    def same(self) -> str:
        """Condition: the current fact f says what the incoming row says."""
        equal = [f"f.{self.owner} = o.id", *(f"f.{c} = {e}" for c, e in self.key.items())]
        alike = [f"f.{c} IS NOT DISTINCT FROM {e}" for c, e in self.others.items()]
        return " AND ".join(["f.closed_by_id IS NULL", *equal, *alike, self.same_if])


PERSONS = FactTable(
    files.PERSONS,
    "registry_persondetails",
    "person_id",
    """LEFT JOIN registry_person o ON o.uma_number = s.uma_number
       LEFT JOIN registry_identitycode i ON i.code_hash = s.personal_identity_code""",
    key={},
    others={
        "identity_id": "i.id",
        "birth_date": "s.birth_date",
        "family_name": "s.family_name",
        "given_names": "s.given_names",
        "nationality": "s.nationality",
        "rgi_number": "s.rgi_number",
        "unhcr_number": "s.unhcr_number",
        "born_in_finland": "coalesce(s.born_in_finland, false)",
        "parent_uma_numbers": PARENTS,
    },
    same_if="(i.id IS NULL) = (s.personal_identity_code IS NULL)",  # an unknown code is a change
)
PERMITS = FactTable(
    files.PERMITS,
    "registry_permit",
    "person_id",
    "LEFT JOIN registry_person o ON o.uma_number = s.uma_number",
    key={"permit_number": "s.permit_number"},
    others={
        "ground_id": "s.ground",
        "applied_for_protection": "s.applied_for_protection",
        "granted_on": "s.granted_on",
        "valid_from": "s.valid_from",
        "valid_to": "s.valid_to",
        "quota_year": "s.quota_year",
        "principal_uma_number": "s.principal_uma_number",
        "tie_before_arrival": "s.tie_before_arrival",
    },
)
POPULATION = FactTable(
    files.POPULATION,
    "registry_populationrecord",
    "identity_id",
    "LEFT JOIN registry_identitycode o ON o.code_hash = s.personal_identity_code",
    key={},
    others={
        "death_date": "s.death_date",
        "finnish_citizen_from": "s.finnish_citizen_from",
        "non_disclosure": "coalesce(s.non_disclosure, false)",
    },
)
RESIDENCES = FactTable(
    files.RESIDENCES,
    "registry_residence",
    "identity_id",
    """LEFT JOIN registry_identitycode o ON o.code_hash = s.personal_identity_code
       LEFT JOIN registry_organisation m
              ON m.kind = 'municipality' AND m.code = s.municipality_code""",
    key={"moved_in": "s.moved_in"},
    others={
        "municipality_id": "m.id",
        "moved_out": "s.moved_out",
        "registered_on": "s.registered_on",
    },
)
AGREEMENTS = FactTable(
    files.AGREEMENTS,
    "registry_agreement",
    "municipality_id",
    """LEFT JOIN registry_organisation o
              ON o.kind = 'municipality' AND o.code = s.municipality_code""",
    key={"valid_from": "s.valid_from"},
    others={"valid_to": "s.valid_to", "reference": "s.reference"},
)
FACTS = {fact.file: fact for fact in (PERSONS, PERMITS, POPULATION, RESIDENCES, AGREEMENTS)}

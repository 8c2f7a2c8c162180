"""The plan of the synthetic country: every share, weight, delay and rate it is drawn from.

Shares are of 1, weights are relative, times are in days unless named otherwise. Changing the
country means changing this page only. Figures are plausible, not statistics.
"""

from dataclasses import dataclass
from datetime import date

from registry.deliveries.synthetic.dice import Table

FIRST_DAY = date(2013, 1, 1)  # the municipality reference begins here
TEMPORARY_PROTECTION_FROM = date(2022, 3, 5)
HOME_UNDER_110_FROM = date(2023, 3, 1)  # 1083/2022: home municipality after a year


@dataclass(frozen=True, slots=True)
class Origin:
    """A way of coming to Finland."""

    name: str
    grounds: Table[str]
    nationalities: Table[str]
    family_ground: str = ""  # ground of those who come with the head; empty = the head's own
    reunited: float = 0.0  # share of families whose others arrive later
    never_home: float = 0.02  # share of households that never get a home municipality
    home_delay: int = 30  # mean days from the permit to the home municipality
    leaving: float = 0.04  # share of households that have left for good
    asks_protection: bool = True


TEMPORARY_PROTECTION = Origin(
    name="temporary protection",
    grounds=Table({"110": 1}),
    nationalities=Table({"UKR": 97, "NGA": 1, "AZE": 1, "GEO": 1}),
    never_home=0.08,
    home_delay=110,
    leaving=0.07,
    asks_protection=False,
)
ASYLUM = Origin(
    name="asylum",
    grounds=Table(
        {"87": 54, "88": 29, "52": 6, "51": 3, "52a2": 2, "52a1": 1, "54_5": 1, "93": 2, "89": 1}
    ),
    nationalities=Table(
        {"IRQ": 16, "AFG": 18, "SOM": 17, "SYR": 20, "RUS": 8, "IRN": 8, "TUR": 7, "ERI": 4}
        | {"ETH": 2}
    ),
    reunited=0.35,
)
QUOTA = Origin(
    name="quota",
    grounds=Table({"90": 1}),
    nationalities=Table({"SYR": 34, "COD": 26, "AFG": 18, "VEN": 6, "ERI": 8, "SOM": 8}),
    reunited=0.08,
    never_home=0.005,
    home_delay=6,
    leaving=0.02,
)
WORK_AND_STUDY = Origin(
    name="work and study",
    grounds=Table({"46": 45, "73": 52, "45": 3}),
    nationalities=Table({"IND": 22, "PHL": 20, "NGA": 10, "VNM": 14, "CHN": 10, "NPL": 14}),
    family_ground="47_3",
    leaving=0.10,
    asks_protection=False,
)
FAMILY_OF_CITIZEN = Origin(
    name="family of a citizen",
    grounds=Table({"50": 1}),
    nationalities=Table({"THA": 30, "BRA": 15, "IND": 10, "TUR": 15, "RUS": 30}),
    asks_protection=False,
)
ORIGINS = Table(
    {TEMPORARY_PROTECTION: 50, ASYLUM: 29, QUOTA: 12, WORK_AND_STUDY: 8, FAMILY_OF_CITIZEN: 1}
)
ORIGINS_BEFORE_110 = Table({ASYLUM: 60, QUOTA: 25, WORK_AND_STUDY: 13, FAMILY_OF_CITIZEN: 2})

# Households: (adults, children, grandparents); children's ages are even over 0-17.
HOUSEHOLDS = Table(
    {
        (1, 0, 0): 86, (2, 0, 0): 7, (1, 1, 0): 9, (1, 2, 0): 7, (1, 3, 0): 2,
        (2, 1, 0): 7, (2, 2, 0): 8, (2, 3, 0): 5, (2, 4, 0): 2, (2, 5, 0): 1, (2, 2, 1): 2,
    }
)  # fmt: skip
UNACCOMPANIED_MINOR = 0.04  # of single asylum seekers
ADULT_AGES = Table(
    {(18, 24): 18, (25, 34): 32, (35, 44): 25, (45, 54): 13, (55, 64): 8, (65, 85): 4}
)
PARENT_AGE_AT_BIRTH = (19, 39)
TWINS = 0.015
BORN_ON_NEW_YEAR = 0.02  # birth dates recorded as 1 January, outside temporary protection
BIRTH_DATE_DIFFERS = 0.002

# Arrivals per day from each day on (110 §); of others by days before the day of the delivery.
ARRIVALS_110 = (
    (TEMPORARY_PROTECTION_FROM, 8.0),
    (date(2022, 7, 1), 3.6),
    (date(2023, 1, 1), 2.8),
    (date(2024, 1, 1), 3.0),
    (date(2025, 1, 1), 2.6),
    (date(2026, 1, 1), 1.8),
)
ARRIVALS_BACK = Table({(0, 365): 24, (366, 1095): 46, (1096, 1825): 19, (1826, 4400): 11})
REUNITED_AFTER = (150, 1100)

PERMIT_YEARS = {
    "87": 4, "88": 4, "88a": 1, "90": 4, "93": 4, "51": 1, "52": 1, "89": 1, "52a1": 1, "52a2": 4,
    "54_5": 4, "54": 4, "110": 1, "114": 4, "115": 4, "47_3": 4, "52_4": 1, "45": 1, "46": 1,
    "50": 4, "73": 2,
}  # fmt: skip
UNTIL_FURTHER_NOTICE = {"87": 0.25, "90": 0.5, "88": 0.1, "114": 0.25, "54": 0.2}
HUMANITARIAN_UNTIL = date(2016, 5, 31)  # 88a, repealed 332/2016
HUMANITARIAN_SHARE = 0.2
PROTECTION_APPLIED = {"51": 0.75, "52": 0.7, "89": 0.9}  # share; the rest had not, or unknown
APPLIED_UNKNOWN = 0.1
RENEWED_AS = {"110": "110", "45": "54_5", "52a1": "54_5"}  # others: 54
NEW_PERMIT_110 = 0.25  # the rest of temporary protection is prolonged on the same permit
NOT_RENEWED = 0.05
RENEWED_LATE = 0.08
LATE_RENEWAL = (10, 90)
WORK_PERMIT_BESIDE = 0.015
WORK_INSTEAD_OF_110 = 0.03
ASYLUM_AFTER_WORK_OR_STUDY = 0.15

TIE_BEFORE_ARRIVAL = Table({"true": 86, "false": 10, "": 4})
FAMILY_GROUNDS = Table({"114": 72, "47_3": 16, "52_4": 12})
OTHER_RELATIVE = 0.8  # grandparents: 115 § instead of a family member's permit
BORN_HERE_OWN_PROTECTION = 0.3  # the parent's ground instead of 114 §
BORN_HERE_PERMIT_AFTER = (20, 130)

NO_CODE_RECENT = 0.35  # arrived within RECENT days
NO_CODE = 0.022
RECENT = 75
NON_DISCLOSURE = 0.007
VTJ_ONLY = 0.004  # population register facts of people UMA does not know, per household

REGISTERED_WITHIN = 14
REGISTERED_LATE = 0.04
LATE_REGISTRATION = (45, 420)
STAY_EARLY = 500.0  # mean days in the first and second town
STAY_LATER = 1600.0
LONG_STAY = 20
ABROAD = 0.06  # of moves: a while abroad in between
ABROAD_TIME = (50, 500)

CITIZEN_AFTER_YEARS = 5
CITIZEN = 0.35
DEATHS = ((50, 0.004), (70, 0.012), (200, 0.07))  # by age: share dead by the delivery's day

# Towns: weights of arrival; the rest of the country shares TAIL_WEIGHT.
CITIES = {
    "Helsinki": 170.0, "Espoo": 85.0, "Vantaa": 95.0, "Tampere": 80.0, "Turku": 75.0, "Oulu": 45.0,
    "Jyväskylä": 38.0, "Lahti": 40.0, "Kuopio": 26.0, "Pori": 16.0, "Joensuu": 15.0, "Vaasa": 22.0,
    "Lappeenranta": 15.0, "Kotka": 16.0, "Hämeenlinna": 12.0, "Rovaniemi": 12.0, "Salo": 12.0,
    "Seinäjoki": 11.0, "Mikkeli": 10.0, "Kokkola": 9.0, "Porvoo": 9.0, "Lohja": 9.0, "Rauma": 8.0,
    "Hyvinkää": 8.0, "Kajaani": 8.0, "Kouvola": 12.0, "Järvenpää": 7.0, "Kerava": 7.0,
    "Pietarsaari": 10.0, "Närpiö": 9.0, "Raasepori": 6.0, "Kemiönsaari": 2.0, "Parainen": 2.5,
    "Mustasaari": 3.0, "Uusikaarlepyy": 2.5, "Kristiinankaupunki": 2.0, "Maarianhamina": 5.0,
    "Jomala": 1.5, "Finström": 0.8, "Lemland": 0.5,
}  # fmt: skip
TAIL_WEIGHT = 260.0
MUNICIPALITIES_USED = 278
MOVE_PULL = 1.25  # exponent on the weights for moves: large cities draw more
NAME_OF_MERGED_TOWN = 0.3  # share of entries made in the former municipality while it lasted

# Agreements of municipalities with the authorities (C-27).
AGREEMENTS_FROM = date(2011, 9, 1)
AGREEMENT_MISSING = 0.02
AGREEMENT_LAPSED = 0.02
AGREEMENT_RENEWED = 0.12

# Monthly changes (evolve): share per household or person and month of 30.4 days.
ARRIVALS_MONTHLY = 0.01
HOUSEHOLD_MOVES = 0.010
ONE_ADULT_MOVES = 0.08  # of moves in households with several adults
HOUSEHOLD_LEAVES = 0.002
RETURNS = 0.015  # of those abroad
BIRTHS = 0.004  # of households with someone of 18-44
RELATIVE_ARRIVES = 0.002
DIES = ((50, 0.0001), (70, 0.0004), (200, 0.003))
BECOMES_CITIZEN = 0.006  # of those five years in the country
LATE_RENEWALS_MONTHLY = 0.25
PERMIT_GRANTED = 0.5  # of those who wait for one
CODE_GIVEN = 0.09
HOME_FOUND = 0.3
HOME_FOUND_110 = 0.12
APPEARS_IN_UMA = 0.1
LATE_FACTS = 0.004
BRINGS_FAMILY = frozenset({"87", "88", "90", "93", "52a2"})

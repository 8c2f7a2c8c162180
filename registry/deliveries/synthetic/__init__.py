"""A deterministic synthetic Finland: registry deliveries for demonstration, tests, benchmarks.

Same seed and arguments, same bytes. No Django models here: files in, files out.
"""

from registry.deliveries.synthetic.evolve import Census, Step, evolve, next_month, steps
from registry.deliveries.synthetic.files import (
    DeliveryWriter,
    NotOurDelivery,
    households_read,
)
from registry.deliveries.synthetic.generate import generate
from registry.deliveries.synthetic.make import (
    census_take,
    country_folder,
    delivery_make,
    delivery_make_next,
    state_folder,
)
from registry.deliveries.synthetic.records import HouseholdRows, PersonRows

__all__ = [
    "Census",
    "DeliveryWriter",
    "HouseholdRows",
    "NotOurDelivery",
    "PersonRows",
    "Step",
    "census_take",
    "country_folder",
    "delivery_make",
    "delivery_make_next",
    "evolve",
    "generate",
    "households_read",
    "next_month",
    "state_folder",
    "steps",
]

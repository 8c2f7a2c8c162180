"""What browsers check besides every page of the role matrix: states in which pages look different.

A page of its own needs no row here: it is checked by its row in `tests/access_matrix.py`. Add a
state by who opens it; `{person}` and `{delivery}` are the ids of what the fixtures made.
"""

from __future__ import annotations

from collections.abc import Mapping

STRANGER = ""  # not signed in

STATES: Mapping[str, Mapping[str, str]] = {
    STRANGER: {
        "sign-in": "/sign-in/",
        "components-faults": "/components/?faults",
    },
    "anna": {
        "start-member": "/",
        "compensation": "/compensation/",
        "compensation-month": "/compensation/municipality/398/2025-01/",
        "compensation-person": "/compensation/municipality/398/2025-01/persons/{person}/",
        "compensation-persons": "/compensation/municipality/398/2025-01/persons/",
    },
    "kalle": {
        "start-reviewer": "/",
        "run-draft": "/runs/2025-02/",
        "run-sorted": "/runs/2025-02/?sort=-month",
        "payee-corrected": "/runs/2025-02/payees/municipality/398/",
        "run-changes": "/runs/2025-02/changes/",
        "run-change": "/runs/2025-02/changes/moved_away/",
        "run-change-persons": "/runs/2025-02/changes/last/municipality/398/",
        "run-anomalies": "/runs/2025-02/anomalies/",
        "run-groups": "/runs/2025-02/groups/",
        "unpaid-persons": "/runs/2025-02/unpaid/no_home_municipality/",
        "claimable-entries": "/runs/2025-02/claimable/",
        "person-moved": "/persons/{person}/",
        "month-corrected": "/persons/{person}/2025-01/",
        "delivery-refused-rows": "/deliveries/{delivery}/",
    },
    "hilkka": {"start-approver": "/", "run-to-approve": "/runs/2025-02/"},
    "tuula": {"start-coordinator": "/"},
    "tarja": {"start-officer": "/", "retention-ended": "/retention/?day=2040-01-01"},
}

# Pages of the administration site: one of each kind, for the markup is Django's own.
ADMINISTRATION = (
    "/admin/",
    "/admin/registry/organisation/",
    "/admin/registry/organisation/add/",
    "/admin/registry/organisation/export/",
    "/admin/registry/organisation/import/",
    "/admin/registry/user/",
    "/admin/registry/user/add/",
    "/admin/registry/membership/add/",
    "/admin/registry/staffrole/add/",
    "/admin/payments/rate/",
    "/admin/payments/rate/add/",
)

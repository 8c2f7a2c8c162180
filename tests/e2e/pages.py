"""Every page that browsers check, by who opens it; add a row for each page you add.

Names in braces stand for the ids of what the fixtures made.
"""

from __future__ import annotations

from collections.abc import Mapping

STRANGER = ""  # not signed in

PAGES: Mapping[str, Mapping[str, str]] = {
    STRANGER: {
        "sign-in": "/sign-in/",
        "accessibility": "/accessibility/",
        "privacy": "/privacy/",
        "components": "/components/",
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
        "runs": "/runs/",
        "run": "/runs/2025-02/",
        "run-approved": "/runs/2025-01/",
        "run-sorted": "/runs/2025-02/?sort=-month",
        "run-payee": "/runs/2025-02/payees/municipality/398/",
        "run-changes": "/runs/2025-02/changes/",
        "run-change": "/runs/2025-02/changes/moved_away/",
        "run-change-persons": "/runs/2025-02/changes/last/municipality/398/",
        "run-groups": "/runs/2025-02/groups/",
        "run-unpaid": "/runs/2025-02/unpaid/no_home_municipality/",
        "run-claimable": "/runs/2025-02/claimable/",
        "persons": "/persons/",
        "person": "/persons/{person}/",
        "person-month": "/persons/{person}/2025-01/",
        "own": "/own/sign-in/",
        "own-password": "/own/password/",
        "own-app-add": "/own/app/add/",
        "own-passkeys-add": "/own/passkeys/add/",
        "own-recovery-codes-new": "/own/recovery-codes/new/",
        "again": "/sign-in/again/",
        "deliveries": "/deliveries/",
        "delivery": "/deliveries/{delivery}/",
        "payments": "/payments/",
        "payments-batch": "/payments/batches/KK202501-1/",
        "payments-order": "/payments/orders/{order_id}/",
        "payments-held": "/payments/held/",
        "payments-ledger": "/payments/ledger/",
        "payments-payee": "/payments/ledger/municipality/398/",
        "payments-answers": "/payments/answers/",
        "payments-answer": "/payments/answers/{answer_id}/",
        "payments-strangers": "/payments/strangers/",
    },
    "hilkka": {"start-approver": "/", "run-to-approve": "/runs/2025-02/"},
    "tuula": {
        "start-coordinator": "/",
        "runs-coordinator": "/runs/",
        "bank-details": "/bank-details/",
        "bank-details-payee": "/bank-details/municipality/398/",
    },
    "tarja": {"start-officer": "/", "access-log": "/access-log/"},
}

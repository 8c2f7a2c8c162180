"""What an application says, as it is hashed when it is sent and shown before that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from grants.applications.models import Application
from grants.lists.services import list_hash

# What the applicant says in the contact step, in its order.
SAID = (
    "contact_name", "contact_email", "contact_phone", "language", "has_agreement",
    "committed_persons", "worker_name", "worker_title", "ceiling_eur",
)  # fmt: skip


def content_of(application: Application) -> Mapping[str, object]:
    """What is sent, as plain values; the list of persons by its hash."""
    return {
        "round": application.round.code,
        "applicant": [application.applicant.kind, application.applicant.code],
        **{name: getattr(application, name) for name in SAID},
        "list": list_hash(application) if application.round.has_list else "",
    }


def content_hash(application: Application) -> str:
    """SHA-256 of what is sent."""
    written = json.dumps(content_of(application), sort_keys=True, ensure_ascii=False, default=str)
    return sha256(written.encode()).hexdigest()

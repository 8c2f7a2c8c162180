"""Results of verifying the logs, kept for the pages that show them (P-10)."""

from __future__ import annotations

from datetime import datetime

from registry.audit.models import Verification
from registry.audit.verifying import Broken, Verified, audit_verify


def verification_record(*, at: datetime) -> Verified:
    """Verify the logs and keep the result. Raises Broken, kept too."""
    try:
        verified = audit_verify(at=at)
    except Broken as broken:
        Verification.objects.create(at=at, broken=str(broken))
        raise
    Verification.objects.create(at=at, entries=verified.entries, seals=verified.seals)
    return verified

"""The app's models, by subject in the folders beside this file."""

from registry.access.models import Hand, Membership, Right, Role, Source, StaffRole, User
from registry.access.signin.models import Factor
from registry.access.signin.oidc.models import Subject
from registry.audit.models import AuditEvent, DisclosureEvent, Seal, Unsealed, Verification
from registry.decisions.models import Decision, DecisionDocument
from registry.deliveries.models import Delivery, DeliveryKind, RejectedRow
from registry.files.models import FileKind, KeptBytes, KeptFile
from registry.links.models import LinkStatus, PersonLink
from registry.organisations.models import (
    Agreement,
    Authority,
    AuthorityName,
    Organisation,
    OrganisationKind,
)
from registry.people.models import (
    Ground,
    IdentityCode,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    Residence,
)

__all__ = [
    "Agreement",
    "AuditEvent",
    "Authority",
    "AuthorityName",
    "Decision",
    "DecisionDocument",
    "Delivery",
    "DeliveryKind",
    "DisclosureEvent",
    "Factor",
    "FileKind",
    "Ground",
    "Hand",
    "IdentityCode",
    "KeptBytes",
    "KeptFile",
    "LinkStatus",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Permit",
    "Person",
    "PersonDetails",
    "PersonLink",
    "PopulationRecord",
    "RejectedRow",
    "Residence",
    "Right",
    "Role",
    "Seal",
    "Source",
    "StaffRole",
    "Subject",
    "Unsealed",
    "User",
    "Verification",
]

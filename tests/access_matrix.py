"""Who may open which page: one row a named URL; a URL without a row fails (issue: the role matrix).

A row says for whom the page is open, how it is asked for, and which parts its address has. Where a
page shows what belongs to one organisation, `other` are the parts of another's: nobody of the
first may tell it from a page that is not there (404).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYBODY = frozenset(
    {"anna", "bertta", "kalle", "hilkka", "tuula", "tarja", "nobody"}  # nobody: no rights at all
)
MEMBERS, LAHTIS = frozenset({"anna", "bertta"}), frozenset({"anna"})
CASES = frozenset({"kalle", "hilkka"})
REVIEWERS, APPROVERS = frozenset({"kalle"}), frozenset({"hilkka"})
COORDINATORS, OFFICERS = frozenset({"tuula"}), frozenset({"tarja"})


@dataclass(frozen=True)
class Page:
    """A row of the matrix."""

    open_to: frozenset[str]
    parts: Mapping[str, object] = field(default_factory=dict)
    method: str = "get"
    data: Mapping[str, object] = field(default_factory=dict)  # what is posted
    other: Mapping[str, object] | None = None  # Turku's, where `parts` are Lahti's
    answers: frozenset[int] = frozenset({200, 302})  # to whom it is open
    login: bool = True  # False: open to strangers too


NOTHING_YET = frozenset({404})  # to whom it is open, but has nothing there
MONTH = {"month": "2025-01"}
PERSON = {"person_id": 0}  # the tests put in the ids of what they made
OWN_EVIDENCE, OTHER_EVIDENCE = (
    {"evidence_id": "lahtis evidence"},
    {"evidence_id": "turkus evidence"},
)
FORMER = {"import_id": "former payments"}
LINK = {"link_id": "a link"}
DELIVERY = {"delivery_id": 0}
OWN_CLAIMS, OTHER_CLAIMS = {"application_id": "lahtis claims"}, {"application_id": "turkus claims"}
OWN_DRAFT, OTHER_DRAFT = {"application_id": "lahtis draft"}, {"application_id": "turkus draft"}
OWN_SENT, OTHER_SENT = {"application_id": "lahtis sent"}, {"application_id": "turkus sent"}
CASE = {"case_id": "lahtis case"}
OWN_PERSONS, OTHER_PERSONS = {"proposal_id": "lahtis persons"}, {"proposal_id": "turkus persons"}
OWN_LIST, OTHER_LIST = {"draft_id": "lahtis list"}, {"draft_id": "turkus list"}
OWN_ASKED, OTHER_ASKED = {"completion_id": "lahtis asked"}, {"completion_id": "turkus asked"}
OWN_DECIDED, OTHER_DECIDED = (
    {"application_id": "lahtis decided"},
    {"application_id": "turkus decided"},
)
OWN_COST, OTHER_COST = {"claim_id": "lahtis cost"}, {"claim_id": "turkus cost"}
OWN_COST_DRAFT, OTHER_COST_DRAFT = (
    {"claim_id": "lahtis cost draft"},
    {"claim_id": "turkus cost draft"},
)
PROPOSED_COST = {"claim_id": "lahtis cost proposed"}
OWN_GRANT, OTHER_GRANT = {"application_id": "lahtis grant"}, {"application_id": "turkus grant"}
OWN_VOUCHER, OTHER_VOUCHER = (
    {"attachment_id": "lahtis voucher"},
    {"attachment_id": "turkus voucher"},
)
CHECKED, PROPOSED_CASE = {"application_id": "lahtis checked"}, {"application_id": "lahtis proposed"}
OWN_DECISION, OTHER_DECISION = {"decision_id": "lahti"}, {"decision_id": "turku"}
OWN_RECOVERY, OTHER_RECOVERY = {"case_id": "lahtis recovery"}, {"case_id": "turkus recovery"}
BATCH, ORDER = {"message_id": "KK202501-1"}, {"order_id": 0}
LAHTI = {"kind": "municipality", "code": "398"}
LAHTIS_MONTH = {**MONTH, **LAHTI}
TURKUS_MONTH = {**LAHTIS_MONTH, "code": "853"}
CSV = {"filetype": "csv"}
REPORTED = {"year": 2024}

PAGES: Mapping[str, Page] = {
    "front": Page(EVERYBODY),
    "login": Page(EVERYBODY, login=False),
    "account_login": Page(EVERYBODY, login=False),
    "logout": Page(EVERYBODY, method="post", login=False),
    "set_language": Page(EVERYBODY, method="post", login=False),
    "mfa_login_webauthn": Page(EVERYBODY, login=False),
    "oidc_begin": Page(EVERYBODY, login=False, answers=NOTHING_YET),
    "oidc_answer": Page(EVERYBODY, login=False, answers=NOTHING_YET),
    "mfa_authenticate": Page(EVERYBODY, login=False),
    "account_reauthenticate": Page(EVERYBODY),
    "mfa_reauthenticate": Page(EVERYBODY),
    "mfa_reauthenticate_webauthn": Page(EVERYBODY),
    "mfa_index": Page(EVERYBODY),
    "account_change_password": Page(EVERYBODY),
    "mfa_activate_totp": Page(EVERYBODY),
    "mfa_deactivate_totp": Page(EVERYBODY, answers=NOTHING_YET),
    "mfa_add_webauthn": Page(EVERYBODY),
    "mfa_remove_webauthn": Page(EVERYBODY, {"pk": 1}, answers=NOTHING_YET),
    "mfa_view_recovery_codes": Page(EVERYBODY, answers=NOTHING_YET),
    "mfa_generate_recovery_codes": Page(EVERYBODY),
    "accessibility": Page(EVERYBODY, login=False),
    "privacy": Page(EVERYBODY, login=False),
    "components": Page(EVERYBODY, login=False),
    "organisation_choose": Page(EVERYBODY),
    "application_front": Page(MEMBERS),
    "application_begin": Page(MEMBERS, {"code": "L2024"}, method="post"),
    "application_contact": Page(LAHTIS, OWN_DRAFT, other=OTHER_DRAFT),
    "application_summary": Page(LAHTIS, OWN_DRAFT, other=OTHER_DRAFT),
    "application_send": Page(LAHTIS, OWN_DRAFT, method="post", other=OTHER_DRAFT),
    "application_detail": Page(LAHTIS | CASES, OWN_SENT, other=OTHER_SENT),
    "application_receipt": Page(LAHTIS | CASES, OWN_SENT, other=OTHER_SENT),
    "application_answer": Page(LAHTIS, OWN_SENT, method="post", other=OTHER_SENT),
    "application_hearing": Page(LAHTIS, OWN_SENT, method="post", other=OTHER_SENT),
    "application_withdraw": Page(LAHTIS, OWN_DRAFT, method="post", other=OTHER_DRAFT),
    "support_claim": Page(LAHTIS, OWN_DECIDED, method="post", other=OTHER_DECIDED),
    "cost_new": Page(LAHTIS, OWN_GRANT, other=OTHER_GRANT),
    "cost_detail": Page(LAHTIS | CASES, OWN_COST, other=OTHER_COST),
    "cost_save": Page(LAHTIS, OWN_COST_DRAFT, method="post", other=OTHER_COST_DRAFT),
    "cost_send": Page(LAHTIS, OWN_COST_DRAFT, method="post", other=OTHER_COST_DRAFT),
    "cost_withdraw": Page(LAHTIS, OWN_COST_DRAFT, method="post", other=OTHER_COST_DRAFT),
    "cost_contest": Page(LAHTIS, OWN_COST, other=OTHER_COST),
    "cost_file": Page(LAHTIS, OWN_VOUCHER, other=OTHER_VOUCHER),
    "cost_file_remove": Page(LAHTIS, OWN_VOUCHER, method="post", other=OTHER_VOUCHER),
    "cost_ask": Page(REVIEWERS, OWN_COST, method="post"),
    "cost_resume": Page(REVIEWERS, OWN_COST, method="post"),
    "cost_propose": Page(REVIEWERS, OWN_COST, method="post"),
    "cost_return": Page(APPROVERS, PROPOSED_COST, method="post"),
    "cost_decide": Page(APPROVERS, PROPOSED_COST, method="post"),
    "support_close": Page(REVIEWERS, OWN_GRANT, method="post"),
    "support_list": Page(CASES),
    "support_assign": Page(REVIEWERS, method="post"),
    "support_filter_save": Page(CASES, method="post"),
    "support_filter_delete": Page(CASES, {"filter_id": 7}, method="post", answers=NOTHING_YET),
    "support_detail": Page(CASES, CHECKED),
    "support_take": Page(REVIEWERS, CHECKED, method="post"),
    "support_check": Page(CASES, CHECKED, method="post"),
    "support_mark": Page(REVIEWERS, CHECKED, method="post"),
    "support_accept_clean": Page(REVIEWERS, CHECKED, method="post"),
    "support_ask": Page(REVIEWERS, CHECKED, method="post"),
    "support_extend": Page(REVIEWERS, CHECKED, method="post"),
    "support_resume": Page(REVIEWERS, CHECKED, method="post"),
    "support_hear": Page(REVIEWERS, CHECKED, method="post"),
    "support_hear_extend": Page(REVIEWERS, CHECKED, method="post"),
    "support_note": Page(CASES, CHECKED, method="post"),
    "support_propose": Page(REVIEWERS, CHECKED, method="post"),
    "support_return": Page(APPROVERS, PROPOSED_CASE, method="post"),
    "support_decide": Page(APPROVERS, PROPOSED_CASE, method="post"),
    "support_letter": Page(CASES, PROPOSED_CASE),
    "support_recover": Page(REVIEWERS, CHECKED),
    "trial_list": Page(REVIEWERS | COORDINATORS),
    "trial_detail": Page(REVIEWERS | COORDINATORS, {"trial_id": "lahtis trial"}),
    "support_claim_propose": Page(REVIEWERS, CHECKED, method="post", answers=NOTHING_YET),
    "claims_list": Page(MEMBERS | CASES),
    "claimable_list": Page(MEMBERS),
    "claims_apply": Page({"anna"}, method="post"),
    "claims_detail": Page({"anna"} | CASES, OWN_CLAIMS, other=OTHER_CLAIMS),
    "claims_propose": Page(REVIEWERS, OWN_CLAIMS, method="post"),
    "claims_decide": Page(APPROVERS, OWN_CLAIMS, method="post"),
    "claims_return": Page(APPROVERS, OWN_CLAIMS, method="post"),
    "claims_withdraw": Page({"anna"}, OWN_CLAIMS, method="post", other=OTHER_CLAIMS),
    "application_list": Page(LAHTIS, OWN_DRAFT, other=OTHER_DRAFT),
    "application_check": Page(LAHTIS, OWN_DRAFT, other=OTHER_DRAFT),
    "list_upload": Page(LAHTIS, OWN_DRAFT, method="post", other=OTHER_DRAFT),
    "list_template": Page(
        LAHTIS, OWN_DRAFT | {"language": "sv"}, other=OTHER_DRAFT | {"language": "sv"}
    ),
    "list_file": Page(LAHTIS, OWN_DRAFT | {"number": 1}, other=OTHER_DRAFT | {"number": 1}),
    "list_corrected": Page(LAHTIS, OWN_DRAFT, other=OTHER_DRAFT),
    "row_change": Page(
        LAHTIS,
        OWN_DRAFT | {"row_id": "lahtis row"},
        method="post",
        data={"seen": 0, "step": "save", "quota_year": "2023"},
        other=OTHER_DRAFT | {"row_id": "turkus row"},
    ),
    "case_list": Page(CASES),
    "own_propose": Page(REVIEWERS, method="post"),
    "case_detail": Page(CASES, CASE),
    "case_match": Page(REVIEWERS, CASE, method="post"),
    "case_allocate": Page(REVIEWERS, CASE, method="post"),
    "case_refuse": Page(REVIEWERS, CASE, method="post"),
    "case_evidence_add": Page(REVIEWERS, CASE, method="post"),
    "manual_evidence_add": Page({"anna"}, OWN_PERSONS, method="post", other=OTHER_PERSONS),
    "evidence_file": Page({"anna"} | CASES, OWN_EVIDENCE, other=OTHER_EVIDENCE),
    "evidence_remove": Page(
        {"anna", "kalle"},
        OWN_EVIDENCE,
        method="post",
        other=OTHER_EVIDENCE,
        answers=frozenset({302, 404}),  # who comes second finds it gone
    ),
    "allocation_remove": Page(REVIEWERS, {**CASE, "residence_id": "lahtis home"}, method="post"),
    "former_list": Page(CASES),
    "former_import": Page(REVIEWERS),
    "former_detail": Page(CASES, FORMER),
    "former_approve": Page(APPROVERS, FORMER, method="post"),
    "former_refuse": Page(APPROVERS, FORMER, method="post"),
    "manual_list": Page(MEMBERS | CASES),
    "manual_apply": Page({"anna"}),
    "manual_list_upload": Page(MEMBERS),
    "manual_list_template": Page(MEMBERS, {"language": "fi"}),
    "manual_draft": Page({"anna"}, OWN_LIST, other=OTHER_LIST),
    "manual_draft_send": Page({"anna"}, OWN_LIST, method="post", other=OTHER_LIST),
    "manual_draft_remove": Page({"anna"}, OWN_LIST, method="post", other=OTHER_LIST),
    "manual_detail": Page({"anna"} | CASES, OWN_PERSONS, other=OTHER_PERSONS),
    "manual_claim": Page({"anna"}, OWN_PERSONS, method="post", other=OTHER_PERSONS),
    "manual_claim_refuse": Page(REVIEWERS, OWN_PERSONS, method="post"),
    "manual_ask": Page(REVIEWERS, OWN_PERSONS, method="post"),
    "manual_extend": Page(REVIEWERS, {**OWN_PERSONS, **OWN_ASKED}, method="post"),
    "manual_answer": Page(
        {"anna"},
        {**OWN_PERSONS, **OWN_ASKED},
        method="post",
        other={**OTHER_PERSONS, **OTHER_ASKED},
    ),
    "manual_propose": Page(REVIEWERS, OWN_PERSONS, method="post"),
    "manual_decide": Page(APPROVERS, OWN_PERSONS, method="post"),
    "manual_return": Page(APPROVERS, OWN_PERSONS, method="post"),
    "manual_withdraw": Page({"anna"}, OWN_PERSONS, method="post", other=OTHER_PERSONS),
    "audit_log": Page(OFFICERS),
    "audit_verify": Page(OFFICERS, method="post"),
    "disclosure_log": Page(OFFICERS),
    "extract_search": Page(OFFICERS),
    "extract_detail": Page(OFFICERS, PERSON),
    "extract_download": Page(OFFICERS, PERSON, method="post"),
    "report": Page(CASES | COORDINATORS),
    "report_xlsx": Page(CASES | COORDINATORS, REPORTED),
    "report_public_xlsx": Page(CASES | COORDINATORS, REPORTED),
    "retention": Page(OFFICERS),
    "hold_place": Page(OFFICERS, method="post"),
    "hold_lift": Page(OFFICERS, {"hold_id": 0}, method="post"),
    "delivery_list": Page(CASES),
    "delivery_detail": Page(CASES, DELIVERY),
    "decision_list": Page(MEMBERS | CASES),
    "decision_detail": Page({"anna"} | CASES, OWN_DECISION, other=OTHER_DECISION),
    "decision_fetch": Page(
        {"anna"} | CASES, OWN_DECISION, method="post", data={"language": "fi"}, other=OTHER_DECISION
    ),
    "decision_serve": Page(REVIEWERS, OWN_DECISION, method="post"),
    "decision_document": Page(
        {"anna"} | CASES,
        {**OWN_DECISION, "kind": "decision", "language": "fi", "form": "pdf"},
        other={**OTHER_DECISION, "kind": "decision", "language": "fi", "form": "pdf"},
    ),
    "run_list": Page(CASES | COORDINATORS),
    "run_detail": Page(CASES | COORDINATORS, MONTH),
    "run_start": Page(REVIEWERS, method="post"),
    "run_progress": Page(CASES | COORDINATORS, MONTH),
    "run_retry": Page(REVIEWERS, MONTH, method="post"),
    "run_cancel": Page(CASES, MONTH, method="post"),
    "run_return": Page(CASES, MONTH, method="post"),
    "run_check": Page(REVIEWERS, MONTH, method="post"),
    "run_approve": Page(APPROVERS, MONTH, method="post"),
    "run_proposals_csv": Page(CASES | COORDINATORS, MONTH),
    "run_payee": Page(CASES, {**MONTH, **LAHTI}),
    "run_unpaid": Page(CASES, {**MONTH, "reason": "no_home_municipality"}),
    "run_claimable": Page(CASES, MONTH),
    "compensation": Page(MEMBERS),
    "compensation_months_file": Page(MEMBERS, CSV),
    "compensation_month": Page(LAHTIS, LAHTIS_MONTH, other=TURKUS_MONTH),
    "compensation_persons": Page(LAHTIS, LAHTIS_MONTH, other=TURKUS_MONTH),
    "compensation_person": Page(LAHTIS, LAHTIS_MONTH | PERSON, other=TURKUS_MONTH | PERSON),
    "compensation_persons_file": Page(LAHTIS, LAHTIS_MONTH | CSV, other=TURKUS_MONTH | CSV),
    "compensation_month_file": Page(
        LAHTIS,
        LAHTIS_MONTH | CSV | {"table": "grounds"},
        other=TURKUS_MONTH | CSV | {"table": "grounds"},
    ),
    "run_anomalies": Page(CASES, MONTH),
    "run_groups": Page(CASES | COORDINATORS, MONTH),
    "run_groups_csv": Page(CASES | COORDINATORS, MONTH),
    "run_changes": Page(CASES | COORDINATORS, MONTH),
    "run_changes_csv": Page(CASES | COORDINATORS, MONTH),
    "run_change": Page(CASES | COORDINATORS, {**MONTH, "step": "new"}),
    "run_change_persons": Page(
        CASES, {**MONTH, "step": "new", "kind": "municipality", "code": "398"}
    ),
    "person_search": Page(CASES),
    "link_list": Page(CASES),
    "link_propose": Page(REVIEWERS, PERSON),
    "link_detail": Page(CASES, LINK),
    "link_confirm": Page(APPROVERS, LINK, method="post"),
    "link_refuse": Page(APPROVERS, LINK, method="post"),
    "link_end": Page(REVIEWERS, LINK, method="post"),
    "person_detail": Page(CASES, PERSON),
    "person_identity_code": Page(CASES, PERSON, method="post"),
    "person_month": Page(CASES, {**PERSON, **MONTH}),
    "payment_list": Page(CASES),
    "payment_held": Page(CASES),
    "payment_ledger": Page(CASES),
    "payment_ledger_csv": Page(CASES),
    "payment_payee": Page(CASES, LAHTI),
    "batch_draw_up": Page(REVIEWERS, method="post", answers=frozenset({302, 404})),
    "batch_detail": Page(CASES, BATCH),
    "batch_file": Page(CASES, BATCH),
    "batch_check": Page(REVIEWERS, BATCH, method="post"),
    "batch_approve": Page(APPROVERS, BATCH, method="post"),
    "batch_cancel": Page(CASES, BATCH, method="post"),
    "batch_send": Page(CASES, BATCH, method="post"),
    "order_detail": Page(CASES, ORDER),
    "order_release": Page(CASES, ORDER, method="post"),
    "answer_list": Page(CASES),
    "answer_detail": Page(CASES, {"answer_id": 0}),
    "stranger_list": Page(CASES),
    "stranger_note": Page(CASES, {"entry_id": 0}, method="post"),
    "recovery_list": Page(MEMBERS | CASES),
    "recovery_detail": Page({"anna"} | CASES, OWN_RECOVERY, other=OTHER_RECOVERY),
    "recovery_hear": Page(REVIEWERS, OWN_RECOVERY, method="post"),
    "recovery_set_off": Page(REVIEWERS, OWN_RECOVERY, method="post"),
    "recovery_answer": Page({"anna"}, OWN_RECOVERY, method="post", other=OTHER_RECOVERY),
    "recovery_propose": Page(REVIEWERS, {**OWN_RECOVERY, "kind": "waive"}, method="post"),
    "recovery_approve": Page(APPROVERS, OWN_RECOVERY, method="post", answers=frozenset({302, 404})),
    "recovery_refuse": Page(APPROVERS, OWN_RECOVERY, method="post", answers=frozenset({200, 302})),
    "details_list": Page(CASES | COORDINATORS),
    "details_payee": Page(CASES | COORDINATORS, LAHTI),
    "details_propose": Page(COORDINATORS, LAHTI, method="post"),
    "details_refuse": Page(COORDINATORS, LAHTI, method="post"),
    "details_import": Page(COORDINATORS, method="post"),
    "details_approve": Page(COORDINATORS, method="post"),
}

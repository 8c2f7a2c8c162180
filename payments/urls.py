"""Addresses of runs, persons' months and payments; never an identity code or a UMA number in one."""

from django.urls import path

from payments.bank.views import answers, batches, details, ledger, orders
from payments.cases.completion import views as completion
from payments.cases.drafts import views as drafts
from payments.cases.evidence import views as evidence
from payments.cases.rectifying import views as rectifying
from payments.cases.views import cases, proposals
from payments.changes import views as changes
from payments.checks import views as checks
from payments.claims import views as claims
from payments.compensation import views as compensation
from payments.decisions import views as decisions
from payments.extracts import views as extracts
from payments.former import views as former
from payments.persons import views as persons
from payments.recovery import step_views as recovery_steps
from payments.recovery import support_views as support_recoveries
from payments.recovery import views as recovery
from payments.reports import views as reports
from payments.retention import views as retention
from payments.runs import views as runs
from payments.runs import work_views as work

PAYEE_MONTH = "compensation/<slug:kind>/<slug:code>/<month:month>/"

urlpatterns = [
    path("runs/", runs.run_list, name="run_list"),
    path("runs/start/", work.run_start, name="run_start"),
    path("runs/<month:month>/", runs.run_detail, name="run_detail"),
    path("runs/<month:month>/check/", runs.run_check, name="run_check"),
    path("runs/<month:month>/approve/", runs.run_approve, name="run_approve"),
    path("runs/<month:month>/progress/", work.run_progress, name="run_progress"),
    path("runs/<month:month>/retry/", work.run_retry, name="run_retry"),
    path("runs/<month:month>/cancel/", work.run_cancel, name="run_cancel"),
    path("runs/<month:month>/return/", work.run_return, name="run_return"),
    path("runs/<month:month>/proposals.csv", runs.proposals_csv, name="run_proposals_csv"),
    path("runs/<month:month>/payees/<slug:kind>/<slug:code>/", runs.run_payee, name="run_payee"),
    path("runs/<month:month>/unpaid/<slug:reason>/", runs.run_unpaid, name="run_unpaid"),
    path("runs/<month:month>/claimable/", runs.run_claimable, name="run_claimable"),
    path("claims/", claims.claims_list, name="claims_list"),
    path("claims/claimable/", claims.claimable_list, name="claimable_list"),
    path("claims/apply/", claims.claims_apply, name="claims_apply"),
    path("claims/<int:application_id>/", claims.claims_detail, name="claims_detail"),
    path(
        "claims/<int:application_id>/propose/",
        claims.claims_propose,
        name="claims_propose",
    ),
    path("claims/<int:application_id>/decide/", claims.claims_decide, name="claims_decide"),
    path("claims/<int:application_id>/return/", claims.claims_return, name="claims_return"),
    path(
        "claims/<int:application_id>/withdraw/",
        claims.claims_withdraw,
        name="claims_withdraw",
    ),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/propose/", cases.own_propose, name="own_propose"),
    path("cases/<int:case_id>/", cases.case_detail, name="case_detail"),
    path("cases/<int:case_id>/match/", cases.case_match, name="case_match"),
    path("cases/<int:case_id>/allocate/", cases.case_allocate, name="case_allocate"),
    path("cases/<int:case_id>/refuse/", cases.case_refuse, name="case_refuse"),
    path("cases/<int:case_id>/evidence/", evidence.case_evidence_add, name="case_evidence_add"),
    path(
        "applied/<int:proposal_id>/evidence/",
        evidence.manual_evidence_add,
        name="manual_evidence_add",
    ),
    path("evidence/<int:evidence_id>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:evidence_id>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path(
        "cases/<int:case_id>/allocations/<int:residence_id>/remove/",
        cases.allocation_remove,
        name="allocation_remove",
    ),
    path("former/", former.former_list, name="former_list"),
    path("former/import/", former.former_import, name="former_import"),
    path("former/<int:import_id>/", former.former_detail, name="former_detail"),
    path("former/<int:import_id>/approve/", former.former_approve, name="former_approve"),
    path("former/<int:import_id>/refuse/", former.former_refuse, name="former_refuse"),
    path("applied/", proposals.manual_list, name="manual_list"),
    path("applied/apply/", proposals.manual_apply, name="manual_apply"),
    path("applied/list/", drafts.manual_list_upload, name="manual_list_upload"),
    path(
        "applied/list/<slug:language>.xlsx",
        drafts.manual_list_template,
        name="manual_list_template",
    ),
    path("applied/drafts/<int:draft_id>/", drafts.manual_draft, name="manual_draft"),
    path("applied/drafts/<int:draft_id>/send/", drafts.manual_draft_send, name="manual_draft_send"),
    path(
        "applied/drafts/<int:draft_id>/remove/",
        drafts.manual_draft_remove,
        name="manual_draft_remove",
    ),
    path("applied/<int:proposal_id>/", proposals.manual_detail, name="manual_detail"),
    path("applied/<int:proposal_id>/propose/", proposals.manual_propose, name="manual_propose"),
    path("applied/<int:proposal_id>/decide/", proposals.manual_decide, name="manual_decide"),
    path("applied/<int:proposal_id>/return/", proposals.manual_return, name="manual_return"),
    path("applied/<int:proposal_id>/ask/", completion.manual_ask, name="manual_ask"),
    path(
        "applied/<int:proposal_id>/completions/<int:completion_id>/extend/",
        completion.manual_extend,
        name="manual_extend",
    ),
    path(
        "applied/<int:proposal_id>/completions/<int:completion_id>/answer/",
        completion.manual_answer,
        name="manual_answer",
    ),
    path("applied/<int:proposal_id>/claim/", rectifying.manual_claim, name="manual_claim"),
    path(
        "applied/<int:proposal_id>/claim/refuse/",
        rectifying.manual_claim_refuse,
        name="manual_claim_refuse",
    ),
    path("applied/<int:proposal_id>/withdraw/", proposals.manual_withdraw, name="manual_withdraw"),
    path("reports/", reports.report, name="report"),
    path("reports/<int:year>.xlsx", reports.report_xlsx, name="report_xlsx"),
    path("reports/<int:year>/public.xlsx", reports.report_public_xlsx, name="report_public_xlsx"),
    path("decisions/", decisions.decision_list, name="decision_list"),
    path("decisions/<int:decision_id>/", decisions.decision_detail, name="decision_detail"),
    path("decisions/<int:decision_id>/fetch/", decisions.decision_fetch, name="decision_fetch"),
    path(
        "decisions/<int:decision_id>/serve/",
        decisions.decision_serve_elsewhere,
        name="decision_serve",
    ),
    path(
        "decisions/<int:decision_id>/<slug:kind>-<slug:language>.<slug:form>",
        decisions.decision_document,
        name="decision_document",
    ),
    path("runs/<month:month>/anomalies/", checks.run_anomalies, name="run_anomalies"),
    path("runs/<month:month>/groups/", changes.run_groups, name="run_groups"),
    path("runs/<month:month>/groups.csv", changes.groups_csv, name="run_groups_csv"),
    path("runs/<month:month>/changes/", changes.run_changes, name="run_changes"),
    path("runs/<month:month>/changes.csv", changes.changes_csv, name="run_changes_csv"),
    path("runs/<month:month>/changes/<slug:step>/", changes.run_change, name="run_change"),
    path(
        "runs/<month:month>/changes/<slug:step>/<slug:kind>/<slug:code>/",
        changes.change_persons,
        name="run_change_persons",
    ),
    path("persons/", persons.person_search, name="person_search"),
    path("persons/<int:person_id>/", persons.person_detail, name="person_detail"),
    path(
        "persons/<int:person_id>/identity-code/",
        persons.person_identity_code,
        name="person_identity_code",
    ),
    path("persons/<int:person_id>/<month:month>/", persons.person_month, name="person_month"),
    path("payments/", batches.payment_list, name="payment_list"),
    path("payments/draw-up/", batches.batch_draw_up, name="batch_draw_up"),
    path("payments/held/", batches.payment_held, name="payment_held"),
    path("payments/ledger/", ledger.payment_ledger, name="payment_ledger"),
    path("payments/ledger.csv", ledger.payment_ledger_csv, name="payment_ledger_csv"),
    path("payments/ledger/<slug:kind>/<slug:code>/", ledger.payment_payee, name="payment_payee"),
    path("payments/answers/", answers.answer_list, name="answer_list"),
    path("payments/answers/<int:answer_id>/", answers.answer_detail, name="answer_detail"),
    path("payments/strangers/", answers.stranger_list, name="stranger_list"),
    path("payments/strangers/<int:entry_id>/", answers.stranger_note, name="stranger_note"),
    path("payments/orders/<int:order_id>/", orders.order_detail, name="order_detail"),
    path("payments/orders/<int:order_id>/release/", orders.order_release, name="order_release"),
    path("payments/batches/<slug:message_id>/", batches.batch_detail, name="batch_detail"),
    path("payments/batches/<slug:message_id>/file/", batches.batch_file, name="batch_file"),
    path("payments/batches/<slug:message_id>/check/", batches.batch_check, name="batch_check"),
    path(
        "payments/batches/<slug:message_id>/approve/", batches.batch_approve, name="batch_approve"
    ),
    path("payments/batches/<slug:message_id>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("payments/batches/<slug:message_id>/send/", batches.batch_send, name="batch_send"),
    path(
        "supports/<int:application_id>/recover/",
        support_recoveries.support_recover,
        name="support_recover",
    ),
    path("recoveries/", recovery.recovery_list, name="recovery_list"),
    path("recoveries/<int:case_id>/", recovery.recovery_detail, name="recovery_detail"),
    path("recoveries/<int:case_id>/hear/", recovery.recovery_hear, name="recovery_hear"),
    path("recoveries/<int:case_id>/set-off/", recovery.recovery_set_off, name="recovery_set_off"),
    path("recoveries/<int:case_id>/answer/", recovery.recovery_answer, name="recovery_answer"),
    path(
        "recoveries/<int:case_id>/propose/<slug:kind>/",
        recovery_steps.recovery_propose,
        name="recovery_propose",
    ),
    path(
        "recoveries/<int:case_id>/approve/",
        recovery_steps.recovery_approve,
        name="recovery_approve",
    ),
    path(
        "recoveries/<int:case_id>/refuse/", recovery_steps.recovery_refuse, name="recovery_refuse"
    ),
    path("bank-details/", details.details_list, name="details_list"),
    path("bank-details/import/", details.details_import, name="details_import"),
    path("bank-details/approve/", details.details_approve, name="details_approve"),
    path("bank-details/<slug:kind>/<slug:code>/", details.details_payee, name="details_payee"),
    path(
        "bank-details/<slug:kind>/<slug:code>/propose/",
        details.details_propose,
        name="details_propose",
    ),
    path(
        "bank-details/<slug:kind>/<slug:code>/refuse/",
        details.details_refuse,
        name="details_refuse",
    ),
    path("compensation/", compensation.compensation, name="compensation"),
    path(
        "compensation/months.<filetype:filetype>",
        compensation.months_file,
        name="compensation_months_file",
    ),
    path(PAYEE_MONTH, compensation.month, name="compensation_month"),
    path(f"{PAYEE_MONTH}persons/", compensation.month_persons, name="compensation_persons"),
    path(
        f"{PAYEE_MONTH}persons/<int:person_id>/",
        compensation.month_person,
        name="compensation_person",
    ),
    path(
        f"{PAYEE_MONTH}persons.<filetype:filetype>",
        compensation.month_persons_file,
        name="compensation_persons_file",
    ),
    path(
        f"{PAYEE_MONTH}<slug:table>.<filetype:filetype>",
        compensation.month_file,
        name="compensation_month_file",
    ),
    path("extracts/", extracts.extract_search, name="extract_search"),
    path("extracts/<int:person_id>/", extracts.extract_detail, name="extract_detail"),
    path("extracts/<int:person_id>/download/", extracts.extract_download, name="extract_download"),
    path("retention/", retention.retention, name="retention"),
    path("retention/holds/", retention.hold_place, name="hold_place"),
    path("retention/holds/<int:hold_id>/lift/", retention.hold_lift, name="hold_lift"),
]

"""Addresses of runs and of persons' months; never an identity code or a UMA number in one."""

from django.urls import path

from payments.decisions import views as decisions
from payments.persons import views as persons
from payments.runs import views as runs
from payments.runs import work_views as work

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
    path("persons/", persons.person_search, name="person_search"),
    path("persons/<int:person_id>/", persons.person_detail, name="person_detail"),
    path("persons/<int:person_id>/<month:month>/", persons.person_month, name="person_month"),
]

"""Addresses of the supports' pages."""

from django.urls import path

from grants.applications.views import filling, life
from grants.costs import views as costs
from grants.decisions import views as decisions
from grants.hearings import views as hearings
from grants.lists.views import files, grid
from grants.review import views as review
from grants.trials import views as trials
from grants.worklist import views as worklist

ONE = "applications/<int:application_id>/"
CASE = "supports/<int:application_id>/"
COST = "costs/<int:claim_id>/"

urlpatterns = [
    path("applications/", life.application_front, name="application_front"),
    path("applications/begin/<slug:code>/", filling.application_begin, name="application_begin"),
    path(ONE, life.application_detail, name="application_detail"),
    path(f"{ONE}contact/", filling.application_contact, name="application_contact"),
    path(f"{ONE}summary/", filling.application_summary, name="application_summary"),
    path(f"{ONE}send/", filling.application_send, name="application_send"),
    path(f"{ONE}receipt.pdf", life.application_receipt, name="application_receipt"),
    path(f"{ONE}answer/", life.application_answer, name="application_answer"),
    path(f"{ONE}hearing/", hearings.application_hearing, name="application_hearing"),
    path(f"{ONE}withdraw/", life.application_withdraw, name="application_withdraw"),
    path(f"{ONE}list/", files.application_list, name="application_list"),
    path(f"{ONE}list/upload/", files.list_upload, name="list_upload"),
    path(f"{ONE}list/template-<slug:language>.xlsx", files.list_template, name="list_template"),
    path(f"{ONE}list/<int:number>.xlsx", files.list_file, name="list_file"),
    path(f"{ONE}list/corrected.xlsx", files.list_corrected, name="list_corrected"),
    path(f"{ONE}check/", grid.application_check, name="application_check"),
    path(f"{ONE}check/<int:row_id>/", grid.row_change, name="row_change"),
    path(f"{ONE}claim/", decisions.support_claim, name="support_claim"),
    path("trials/", trials.trial_list, name="trial_list"),
    path("trials/<int:trial_id>/", trials.trial_detail, name="trial_detail"),
    path(f"{ONE}costs/new/", costs.cost_new, name="cost_new"),
    path(COST, costs.cost_detail, name="cost_detail"),
    path(f"{COST}save/", costs.cost_save, name="cost_save"),
    path(f"{COST}send/", costs.cost_send, name="cost_send"),
    path(f"{COST}withdraw/", costs.cost_withdraw, name="cost_withdraw"),
    path(f"{COST}contest/", costs.cost_contest, name="cost_contest"),
    path(f"{COST}ask/", costs.cost_ask, name="cost_ask"),
    path(f"{COST}resume/", costs.cost_resume, name="cost_resume"),
    path(f"{COST}propose/", costs.cost_propose, name="cost_propose"),
    path(f"{COST}return/", costs.cost_return, name="cost_return"),
    path(f"{COST}decide/", costs.cost_decide, name="cost_decide"),
    path("costs/files/<int:attachment_id>/", costs.cost_file, name="cost_file"),
    path(
        "costs/files/<int:attachment_id>/remove/", costs.cost_file_remove, name="cost_file_remove"
    ),
    path(f"{CASE}close/", costs.support_close, name="support_close"),
    path("supports/", worklist.support_list, name="support_list"),
    path("supports/assign/", worklist.support_assign, name="support_assign"),
    path("supports/filters/", worklist.filter_save, name="support_filter_save"),
    path("supports/filters/<int:filter_id>/", worklist.filter_delete, name="support_filter_delete"),
    path(CASE, review.support_detail, name="support_detail"),
    path(f"{CASE}take/", review.support_take, name="support_take"),
    path(f"{CASE}check/", review.support_check, name="support_check"),
    path(f"{CASE}mark/", review.support_mark, name="support_mark"),
    path(f"{CASE}accept-clean/", review.support_accept_clean, name="support_accept_clean"),
    path(f"{CASE}ask/", review.support_ask, name="support_ask"),
    path(f"{CASE}extend/", review.support_extend, name="support_extend"),
    path(f"{CASE}resume/", review.support_resume, name="support_resume"),
    path(f"{CASE}hear/", hearings.support_hear, name="support_hear"),
    path(f"{CASE}hear/extend/", hearings.support_hear_extend, name="support_hear_extend"),
    path(f"{CASE}note/", review.support_note, name="support_note"),
    path(f"{CASE}propose/", decisions.support_propose, name="support_propose"),
    path(f"{CASE}return/", decisions.support_return, name="support_return"),
    path(f"{CASE}letter.pdf", decisions.support_letter, name="support_letter"),
    path(f"{CASE}decide/", decisions.support_decide, name="support_decide"),
    path(f"{CASE}claim/propose/", decisions.support_claim_propose, name="support_claim_propose"),
]

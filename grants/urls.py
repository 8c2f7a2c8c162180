"""Addresses of the supports' pages."""

from django.urls import path

from grants.applications.views import filling, life
from grants.lists.views import files, grid

ONE = "applications/<int:application_id>/"

urlpatterns = [
    path("applications/", life.application_front, name="application_front"),
    path("applications/begin/<slug:code>/", filling.application_begin, name="application_begin"),
    path(ONE, life.application_detail, name="application_detail"),
    path(f"{ONE}contact/", filling.application_contact, name="application_contact"),
    path(f"{ONE}summary/", filling.application_summary, name="application_summary"),
    path(f"{ONE}send/", filling.application_send, name="application_send"),
    path(f"{ONE}receipt.pdf", life.application_receipt, name="application_receipt"),
    path(f"{ONE}answer/", life.application_answer, name="application_answer"),
    path(f"{ONE}withdraw/", life.application_withdraw, name="application_withdraw"),
    path(f"{ONE}list/", files.application_list, name="application_list"),
    path(f"{ONE}list/upload/", files.list_upload, name="list_upload"),
    path(f"{ONE}list/template-<slug:language>.xlsx", files.list_template, name="list_template"),
    path(f"{ONE}list/<int:number>.xlsx", files.list_file, name="list_file"),
    path(f"{ONE}list/corrected.xlsx", files.list_corrected, name="list_corrected"),
    path(f"{ONE}check/", grid.application_check, name="application_check"),
    path(f"{ONE}check/<int:row_id>/", grid.row_change, name="row_change"),
]

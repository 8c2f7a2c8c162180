"""Addresses of the supports' pages."""

from django.urls import path

from grants.applications.views import filling, life

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
]

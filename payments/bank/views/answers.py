"""Answers of the bank: the list and an upload, one answer, and what fits nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from payments.bank.errors import AnswerRefused, BankRefused
from payments.bank.forms import AnswerForm, NoteForm
from payments.bank.models import Answer, AnswerEntry
from payments.bank.selectors import answers as selectors
from payments.bank.services.reading import answer_receive
from payments.bank.services.reviewing import stranger_handle
from payments.bank.views.batches import PAYERS
from registry.access.doors import open_to, visible_or_404
from registry.access.requests import SignedInRequest


@open_to(*PAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_list(request: SignedInRequest) -> HttpResponse:
    """Answers of the bank, the latest first, and a form to bring another."""
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answer = _received(request, form)
        if answer is not None:
            return redirect("answer_detail", answer.pk)
    answers = Answer.objects.visible_to(request.user)
    page = selectors.answers_page(answers, whole_number(request, "after"))
    return render(request, "payments/bank/answers.html", {"page": page, "form": form})


def _received(request: SignedInRequest, form: AnswerForm) -> Answer | None:
    try:
        answer, is_new = answer_receive(
            form.cleaned_data["file"], received_by=request.user, at=timezone.now()
        )
    except AnswerRefused as refused:
        form.add_error("file", str(refused))
        return None
    if is_new:
        messages.success(request, _("The answer is read."))
    else:
        messages.info(request, _("This file has been read before: nothing changes."))
    return answer


@open_to(*PAYERS)
@require_safe
def answer_detail(request: SignedInRequest, answer_id: int) -> HttpResponse:
    """One answer: what each of its entries came to."""
    answer = visible_or_404(request, Answer, "received_by", pk=answer_id)
    page = selectors.entries_page(answer, whole_number(request, "after"))
    return render(request, "payments/bank/answer.html", {"answer": answer, "page": page})


@open_to(*PAYERS)
@require_safe
def stranger_list(request: SignedInRequest) -> HttpResponse:
    """Entries that fit nothing and wait for a person."""
    entries = selectors.strangers(AnswerEntry.objects.visible_to(request.user))
    return render(request, "payments/bank/strangers.html", {"entries": entries, "form": NoteForm()})


@open_to(*PAYERS)
@require_POST
def stranger_note(request: SignedInRequest, entry_id: int) -> HttpResponse:
    """Note what was found out about one of them."""
    entry = visible_or_404(request, AnswerEntry, pk=entry_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what was found out."))
        return redirect("stranger_list")
    step_told(
        request,
        lambda: stranger_handle(
            entry.pk, reviewer=request.user, note=form.cleaned_data["note"], at=timezone.now()
        ),
        BankRefused,
        done=_("Your note is kept with the entry."),
    )
    return redirect("stranger_list")

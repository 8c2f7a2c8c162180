"""Reading whatever a bank answers: the message's own name says how."""

from __future__ import annotations

from django.utils.translation import gettext as _

from payments.bank.bankfile import camt, pain002
from payments.bank.bankfile.hardened import MAX_ENTRIES, NotReadable, parsed
from payments.bank.bankfile.said import Report
from payments.bank.models import AnswerKind


def answer_read(data: bytes) -> Report:
    """Read a status report, notification or statement. Raises NotReadable in one sentence."""
    name, root = parsed(data)
    if name not in AnswerKind.values:
        raise NotReadable(
            _("{name} is not read here; these are: {kinds}.").format(
                name=name, kinds=", ".join(AnswerKind.values)
            )
        )
    kind = AnswerKind(name)
    report = pain002.report(root) if kind == AnswerKind.STATUS else camt.report(root, kind)
    if len(report.said) > MAX_ENTRIES:
        raise NotReadable(_("The file has more entries than are read."))
    return report

"""Receipts to download, by whoever has the link of the visit they are about."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from bookings.views.manage import by_link
from payments import receipt_paper
from payments.models import MoneyAction


@require_safe
@by_link()
def receipt(request, booking, token, action):
    """The paper of a charge or a refund of this visit, and of no other."""
    return answer(booking, action)


def answer(booking, action):
    """The PDF as a response. Raises Http404 for what is no receipt of this booking."""
    try:
        told = receipt_paper.of_action(MoneyAction.objects.get(pk=action, booking=booking).pk)
    except MoneyAction.DoesNotExist as exc:
        raise Http404 from exc
    response = HttpResponse(receipt_paper.paper_of(told), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{told.file_name}"'
    return response

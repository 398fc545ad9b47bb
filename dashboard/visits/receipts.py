"""Receipts of a visit, for who sees money."""

from django.views.decorators.http import require_safe

from dashboard import desk
from dashboard.frame import page
from payments.views import receipts
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_MONEY)
def receipt(request, pk, action):
    return receipts.answer(desk.visit_of(pk), action)

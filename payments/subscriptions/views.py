"""The owner's billing page, on the platform's host."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payments.connect import rules as connect_rules
from payments.subscriptions import queries
from payments.subscriptions.access import own_salon


@require_safe
@never_cache
def index(request):
    """The owner's only salon, or a choice of them."""
    memberships = list(queries.memberships_of(request.user))
    if len(memberships) == 1:
        return salon(request, memberships[0].business_id)
    return render(request, "billing/choose.html", {"salons": [membership.business for membership in memberships]})


@require_safe
@own_salon
def salon(request, business):
    billing = business.billing
    context = {
        "salon": business,
        "billing": billing,
        "connect_sentence": connect_rules.sentence(billing.restricted_reason),
        "several": queries.memberships_of(request.user).count() > 1,
    }
    return render(request, "billing/salon.html", context)

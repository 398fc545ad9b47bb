"""A card's own page, opened by a signed link, and what is left on a card, asked for with its code."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giftcards import codes, guessing, links, queries, shown
from giftcards.forms import CodeForm
from giftcards.models import GiftCard
from giftcards.services import GiftCardInvalid
from tenants.addresses import client_address
from tenants.errors import DomainError
from tenants.qr import picture_of


@require_safe
@login_not_required
@never_cache
def card(request, token):
    """The card, to look at and to print. Kept out of caches, search engines and referrers: the code is on it."""
    try:
        found = links.card_for_token(token)
    except GiftCard.DoesNotExist:
        raise Http404 from None
    today = timezone.localdate(timezone=request.tenant.zone)
    over = not found.is_active or (found.expiration_date is not None and found.expiration_date < today)
    context = {"card": found, "worth": shown.worth(found), "over": over}
    if not over:
        context |= {
            "code": codes.shown(codes.code_of(found.pk)),
            "left": shown.left(found),
            "good_until": shown.good_until(found),
            "good_for": shown.good_for(found),
            "qr": picture_of(links.card_url(business=request.tenant, card=found)),
        }
    response = render(request, "giftcards/card.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def balance(request):
    """What is left on a card. The code is sent in a form's body, and one text refuses every other one."""
    form = CodeForm(request.POST or None)
    context, status = {"form": form}, 200
    if request.method == "POST" and form.is_valid():
        try:
            context |= asked(request, form.cleaned_data["code"])
        except DomainError as exc:
            form.add_error(None, str(exc))
            status = exc.status
    response = render(request, "giftcards/balance.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def asked(request, code):
    """The card's facts for the page. Raises GiftCardInvalid, or a refusal of the limit."""
    guessing.count(client_address(request))
    found = queries.good_card(code=code, business=request.tenant, now=timezone.now())
    if found is None:
        raise GiftCardInvalid
    return {
        "card": found,
        "left": shown.left(found),
        "good_for": shown.good_for(found),
        "good_until": shown.good_until(found),
    }

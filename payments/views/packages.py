"""Buying a package: what the salon offers, a form, Stripe's page. The way back is a gift card's."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giftcards import packages_shown, queries
from payments import gateway
from payments.forms import PackageForm
from payments.services import orders
from payments.views.gift_cards import UNREACHABLE, count_order, order_url, payment_url, to_stripe
from tenants.errors import DomainError


@require_safe
@login_not_required
@never_cache
def packages(request):
    """What can be bought here. Where nothing is, there is no such page."""
    business = request.tenant
    offered = queries.packages_on_offer(business=business)
    if not offered:
        raise Http404
    lines = packages_shown.shown(offered, currency=business.currency_code)
    return render(request, "payments/packages.html", {"packages": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def package(request, pk):
    business = request.tenant
    found = queries.packages_on_offer(business=business).filter(pk=pk).first()
    if found is None:
        raise Http404
    today = timezone.localdate(timezone=business.zone)
    form = PackageForm(request.POST or None, package=found, business=business, today=today, label_suffix="")
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return buy(request, found, form)
        except orders.PackageNotOnOffer as exc:
            form.renew(price_cents=str(found.price_cents), seen=found.version)
            form.add_error(None, str(exc))
            status = exc.status
        except DomainError as exc:
            form.add_error(None, str(exc))
            status = exc.status
        except gateway.GatewayError:
            form.renew()
            form.add_error(None, UNREACHABLE)
            status = 503
    [line] = packages_shown.shown([found], currency=business.currency_code)
    return to_stripe(render(request, "payments/package.html", {"form": form, "line": line}, status=status))


def buy(request, found, form):
    count_order(request)
    business, key = request.tenant, str(form.cleaned_data["form_key"])
    seen = form.cleaned_data["seen"]
    order = orders.place_package(business=business, package=found, wish=form.wish(), form_key=key, seen=seen)
    return to_stripe(redirect(payment_url(order, business) or order_url(order, business)))

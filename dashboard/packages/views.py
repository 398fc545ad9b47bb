"""Packages: the list, adding and changing one, selling one at the desk."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.admin import actor_of
from bookings.models import Customer
from dashboard.frame import page, show
from dashboard.packages.forms import PackageForm, SaleForm
from giftcards import codes, links, packages_shown, queries, services, shown
from giftcards.models import GiftCard, Package
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_safe
@page(Permission.MANAGE_GIFT_CARDS)
def packages(request):
    business = request.tenant
    lines = packages_shown.shown(queries.packages(), currency=business.currency_code)
    context = {"lines": lines, "online": business.billing.charges_enabled, "customer": customer_of(request)}
    return show(request, "dashboard/packages/list.html", context, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MANAGE_GIFT_CARDS)
def add(request):
    form = PackageForm(request.POST or None, business=request.tenant)
    if request.method == "POST" and form.is_valid():
        who = {"by": actor_of(request), "now": timezone.now()}
        if package := saved(form, lambda: services.create_package(fields=form.values(), **who)):
            messages.success(request, f"{package.title} is offered now.")
            return redirect("dashboard:packages")
    return edited(request, form, title="Add a package", button="Add")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MANAGE_GIFT_CARDS)
def change(request, pk):
    package = get_object_or_404(Package, pk=pk)
    form = PackageForm(request.POST or None, business=request.tenant, package=package)
    if request.method == "POST" and form.is_valid():
        who = {"by": actor_of(request), "now": timezone.now()}
        if saved(form, lambda: services.change_package(package=package, fields=form.values(), **who)):
            messages.success(request, "Saved, for whoever buys it from now on.")
            return redirect("dashboard:packages")
    return edited(request, form, title=package.title, button="Save")


def saved(form, act):
    """What `act` gives; None where it was refused, with the sentence where it belongs."""
    try:
        return act()
    except DomainError as exc:
        for name, sentence in getattr(exc, "sentences", {"": str(exc)}).items():
            form.add_error(name if name in form.fields else None, sentence)
        return None


def edited(request, form, **words):
    status = 422 if form.errors else 200
    return show(request, "dashboard/packages/form.html", {"form": form, **words}, here="settings", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MANAGE_GIFT_CARDS)
def sell(request, pk):
    """Sell one to whoever stands at the desk, or is named by `customer`."""
    business, package = request.tenant, get_object_or_404(Package, pk=pk, active=True)
    form = SaleForm(request.POST or None, business=business, package=package, customer=customer_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            how = {"by": actor_of(request), "now": timezone.now()}
            card = services.sell_package(business=business, package=package, **form.sale(), **how)
        except DomainError as exc:
            field = getattr(exc, "field", None)
            form.add_error(field if field in form.fields else None, str(exc))
        else:
            return redirect("dashboard:package-sold", card.pk)
    [line] = packages_shown.shown([package], currency=business.currency_code)
    status = 422 if form.errors else 200
    return show(request, "dashboard/packages/sell.html", {"form": form, "line": line}, here="settings", status=status)


def customer_of(request):
    """The customer in the address, for who sees customers; None where there is none."""
    asked = request.GET.get("customer", "")
    if not asked or not policies.may(request.membership, Permission.VIEW_CUSTOMERS):
        return None
    try:
        return Customer.objects.filter(pk=UUID(asked), erased_at=None).first()
    except ValueError:
        return None


@require_safe
@page(Permission.MANAGE_GIFT_CARDS)
def sold(request, card):
    """The code of a sold package, to print or to read out."""
    found = get_object_or_404(GiftCard.objects.exclude(title=""), pk=card)
    context = {
        "card": found,
        "code": codes.shown(codes.code_of(found.pk)),
        "left": shown.left(found),
        "good_for": shown.good_for(found),
        "good_until": shown.good_until(found),
        "url": links.card_url(business=request.tenant, card=found),
        "price": request.tenant.money(found.price_cents or 0),
    }
    return show(request, "dashboard/packages/sold.html", context, here="settings")

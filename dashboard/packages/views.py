"""Packages: the list, adding and changing one, selling one at the desk."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.admin import actor_of
from bookings import words
from bookings.models import Customer
from dashboard.frame import page, show
from dashboard.packages.forms import PackageForm, SaleForm, UndoForm
from giftcards import codes, links, packages_shown, queries, services, shown
from giftcards.models import GiftCard, Package, PaidBy
from tenants import policies
from tenants.errors import DomainError
from tenants.money import Money
from tenants.permissions import Permission

#: Sales at the desk that stand below the packages: a mistake is noticed soon.
LATEST = 10


@require_safe
@page(Permission.MANAGE_GIFT_CARDS)
def packages(request):
    business = request.tenant
    lines = packages_shown.shown(queries.packages(), currency=business.currency_code)
    context = {
        "lines": lines,
        "online": business.billing.charges_enabled,
        "customer": customer_of(request),
        "sales": [sale_of(card, business) for card in queries.sold_at_desk()[:LATEST]],
    }
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


def sale_of(card, business):
    """(card, when, how it was paid) of a sale at the desk."""
    return card, words.when(card.created_at.astimezone(business.zone)), paid(card)


def paid(card):
    """`$200.00, in cash`, `Given free of charge`, or nothing where nobody was asked."""
    if card.paid_by in ("", PaidBy.FREE):
        return card.get_paid_by_display()
    return f"{Money(card.price_cents or 0, card.currency_code)}, {card.get_paid_by_display().lower()}"


@require_safe
@page(Permission.MANAGE_GIFT_CARDS)
def sold(request, card):
    """The code of a sold package, to print or to read out."""
    return sold_page(request, sold_card(card), UndoForm())


@require_POST
@page(Permission.MANAGE_GIFT_CARDS)
def undo(request, card):
    """The sale was a mistake: taken back while nobody has used it."""
    found, form = sold_card(card), UndoForm(request.POST)
    if form.is_valid():
        try:
            services.undo_sale(card=found, **form.cleaned_data, by=actor_of(request), now=timezone.now())
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            messages.success(request, "The sale is taken back. Nobody can use its code any more.")
            return redirect("dashboard:package-sold", found.pk)
    return sold_page(request, found, form)


def sold_card(pk):
    return get_object_or_404(GiftCard.objects.exclude(title=""), pk=pk)


def sold_page(request, found, form):
    context = {
        "form": form,
        "card": found,
        "code": codes.shown(codes.code_of(found.pk)),
        "left": shown.left(found),
        "good_for": shown.good_for(found),
        "good_until": shown.good_until(found),
        "url": links.card_url(business=request.tenant, card=found),
        "paid": paid(found),
        "can_undo": found.is_sold_at_desk and not found.unsold_at and not found.usage_count,
    }
    status = 422 if form.errors else 200
    return show(request, "dashboard/packages/sold.html", context, here="settings", status=status)

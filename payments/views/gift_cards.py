"""Buying a gift card: a form, Stripe's page, and the page a buyer comes back to. No account, no card data here."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giftcards import links as card_links
from payments import gateway, order_links
from payments.forms import GiftCardForm
from payments.models import GiftCardOrder, OrderStatus
from payments.origins import hosted_policy
from payments.services import orders
from tenants import addresses, limits
from tenants.errors import DomainError
from tenants.languages import plain_date

ORDERS = limits.Limit("gift-card-orders", times=20, seconds=60 * 60)
UNREACHABLE = "We could not reach the payment service. Nothing was charged; please try again in a moment."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def shop(request):
    business = request.tenant
    if not business.sells_gift_cards:
        raise Http404
    form = GiftCardForm(
        request.POST or None, business=business, today=timezone.localdate(timezone=business.zone), label_suffix=""
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to_stripe(request, form)
        except DomainError as exc:
            form.add_error(None, str(exc))
            status = exc.status
        except gateway.GatewayError:
            form.renew()
            form.add_error(None, UNREACHABLE)
            status = 503
    months = business.gift_card_months
    return to_stripe(render(request, "payments/gift_cards.html", {"form": form, "lasts": lasts(months)}, status=status))


def redirect_to_stripe(request, form):
    count_order(request)
    business = request.tenant
    order = orders.place(business=business, wish=form.wish(), form_key=str(form.cleaned_data["form_key"]))
    return to_stripe(redirect(payment_url(order, business) or order_url(order, business)))


def count_order(request):
    """Raises a refusal of the limit."""
    address = addresses.client_address(request)
    limits.take(ORDERS, addresses.bucket(address), address=address)


def payment_url(order, business):
    back = order_url(order, business)
    return orders.payment_page(order=order, success_url=back, cancel_url=back)


def order_url(order, business):
    return business.url + reverse("payments:gift-card-order", args=[order_links.order_token(order)])


def to_stripe(response):
    """A form's redirect counts as its action: the page must be allowed to lead there."""
    response._csp_update = {"form-action": hosted_policy()["form-action"]}
    return response


@require_safe
@login_not_required
@never_cache
def ordered(request, token):
    """Back from Stripe: believe nothing in the address, ask Stripe, then say what is true."""
    try:
        order = order_links.order_for_token(token)
    except GiftCardOrder.DoesNotExist:
        raise Http404 from None
    context = {}
    try:
        order = orders.fulfil(order=order, business=request.tenant, now=timezone.now())
        if order.status == OrderStatus.CREATED:
            context["pay_url"] = payment_url(order, request.tenant)
    except (gateway.GatewayError, orders.PageMismatch):
        context["unknown"] = True
    context["what"] = f"package {order.package_title}" if order.package_title else f"{order.amount} gift card"
    context["again_url"] = reverse("payments:packages" if order.package_title else "payments:gift-cards")
    context |= {"order": order, "deliver_on": plain_date(order.deliver_on) if is_later(order) else ""}
    if order.status == OrderStatus.PAID:
        context["card_url"] = card_links.card_url(business=request.tenant, card=order.card)
    response = render(request, "payments/gift_card_order.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def is_later(order):
    """Whether the recipient's mail has still to leave."""
    return bool(order.card and order.deliver_on and not order.card.delivered_at)


def lasts(months):
    """How long a card is good, in words."""
    if not months:
        return "It has no end date."
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"It is good for {months} month{'' if months == 1 else 's'}."
    return f"It is good for {years} year{'' if years == 1 else 's'}."

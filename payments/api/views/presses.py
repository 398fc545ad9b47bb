"""The money buttons, for members of the salon. Each press carries a key: pressed twice, it is one press."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from bookings.api.views.staff import actor
from payments import services
from payments.api import asked, reads, shapes
from payments.models import ActionKind, ActionState
from tenants.api.endpoints import endpoint, read, read_query
from tenants.api.errors import answer
from tenants.api.permissions import needs, require
from tenants.api.serializers import Problem
from tenants.permissions import Permission

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Here or in the body.")
ACTED = {
    200: OpenApiTypes.OBJECT,
    202: OpenApiTypes.OBJECT,
    400: Problem,
    402: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
}
REFUND_REFUSED = ("The refund was refused. Nothing was given back.", "refund_failed")
DECLINED = ("The card was declined. Nothing was charged.", "card_declined")
CHARGED_AFTER_ALL = ("The card had been charged after all: take nothing at the salon.", "charged_after_all")
#: What asks for more than closing visits, as bodies name it.
MORE = {"correction": Permission.REFUND, "waive_fee": Permission.WAIVE_FEES, "waive": Permission.WAIVE_FEES}
CLOSES = needs(Permission.CLOSE_VISITS)


@extend_schema(request=asked.CompleteIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def complete(request, pk):
    """Completed: the visit took place, and its price is charged to the saved card, with a tip if there was one."""
    return close(request, pk, asked.CompleteIn, services.complete)


@extend_schema(request=asked.FeeIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def no_show(request, pk):
    """No-show: the guest did not come; the fee of the terms they accepted is charged, or let go."""
    return close(request, pk, asked.FeeIn, services.no_show)


@extend_schema(request=asked.FeeIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def cancel(request, pk):
    """Cancelled: called off now, or by the customer before; the fee of the accepted terms is charged, if there is one."""
    return close(request, pk, asked.FeeIn, services.cancel)


@extend_schema(request=asked.CaptureIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def capture(request):
    """Completed, for the booking the body names."""
    return close(request, None, asked.CaptureIn, services.complete)


@extend_schema(request=asked.RefundIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=needs(Permission.REFUND))
def refund(request, pk):
    """Give the money back, all of it or a part, the platform's fee in proportion included: to the card first, then to
    the gift card."""
    return give_back(request, pk, asked.RefundIn)


@extend_schema(request=asked.RefundOfIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=needs(Permission.REFUND))
def refund_of(request):
    """Refund, for the booking the body names."""
    return give_back(request, None, asked.RefundOfIn)


@extend_schema(request=asked.PressIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def retry(request, pk):
    """Try the card again, where its bank may answer differently: the same payment, so that nobody is charged twice."""
    press, _ = opened(request, pk, asked.PressIn)
    return acted(services.try_again(**press))


@extend_schema(request=asked.PressIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def send_link(request, pk):
    """Mail the customer a link to settle the payment that waits for them."""
    press, _ = opened(request, pk, asked.PressIn)
    return acted(services.send_link(**press))


@extend_schema(request=asked.CashIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=CLOSES)
def paid_in_cash(request, pk):
    """The salon has taken what the card did not give; or, with `waive`, lets it go."""
    press, data = opened(request, pk, asked.CashIn)
    wish = {"waive": data["waive"], "reason": data["reason"]}
    return acted(services.take_cash(business=request.tenant, **press, **wish))


@extend_schema(parameters=[asked.PreviewIn], responses={200: OpenApiTypes.OBJECT, 404: Problem, 422: Problem})
@endpoint("GET", permission=needs(Permission.VIEW_MONEY, Permission.CLOSE_VISITS))
def preview(request, pk):
    """What a button would take, and from which card, by the rules the press itself uses. Changes nothing."""
    booking, data = get_object_or_404(reads.pressable(), pk=pk), read_query(asked.PreviewIn, request)
    kind, wish = data["kind"], asked.wish_of(data)
    split = services.preview(kind=kind, booking=booking, now=timezone.now(), wish=services.Wish(**wish))
    return Response(shapes.preview(split, booking, kind=kind))


def opened(request, pk, serializer_class):
    """(what every service of a press takes, the body). Without a `pk` the body names the booking.

    Raises what stands against the press.
    """
    if pk is None:
        pk = read(serializer_class, request)["booking_id"]
    booking, data = get_object_or_404(reads.pressable(), pk=pk), read(serializer_class, request)
    for permission in [MORE[name] for name in MORE if data.get(name)]:
        require(request, permission)
    key = asked.money_key_of(request, data)
    asked.check_currency(data, booking)
    return {"booking": booking, "key": key, "by": actor(request), "now": timezone.now()}, data


def close(request, pk, serializer_class, verb):
    press, data = opened(request, pk, serializer_class)
    return acted(verb(business=request.tenant, **press, **asked.wish_of(data)))


def give_back(request, pk, serializer_class):
    press, data = opened(request, pk, serializer_class)
    how_much = {"amount_cents": data.get("amount_cents"), "refund_type": data.get("refund_type", "")}
    return acted(services.refund(business=request.tenant, **press, **how_much, reason=data["reason"]))


def acted(action):
    """200 when the money has moved, 402 when it could not, 202 while it waits for the customer or for Stripe.

    Raises ActionInProgress while somebody is at it this very moment.
    """
    action, now = reads.action(action.pk), timezone.now()
    if services.is_under_way(action=action, now=now):
        raise services.ActionInProgress(state=action.state, kind=action.kind)
    shown = shapes.action(action, now=now)
    if action.state == ActionState.SUCCEEDED:
        return Response(shown)
    if action.state not in (ActionState.FAILED, ActionState.ABANDONED):
        return Response(shown, status=202)
    if action.kind == ActionKind.CASH:
        return answer(409, *CHARGED_AFTER_ALL, **shown)
    return answer(402, *(REFUND_REFUSED if action.kind == ActionKind.REFUND else DECLINED), **shown)

"""Cards for members of the salon, and the balance for whoever has a code."""

from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.response import Response

from audit import actors
from giftcards import guessing, queries, services
from giftcards.api import asked, shapes
from giftcards.models import GiftCard
from tenants.addresses import client_address
from tenants.api.endpoints import Private, open_endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Sent again with it, one card is issued."
)
MAX_KEY = 128
CARDS = needs(Permission.MANAGE_GIFT_CARDS, read=[Permission.VIEW_MONEY])


class UnknownCode(services.GiftCardInvalid):
    status = 404


class GiftCards(Private, generics.ListAPIView):
    """Cards, newest first. Issuing one is for admins and owners."""

    permission_classes = [CARDS]
    queryset = GiftCard.objects.order_by("-created_at", "pk")
    serializer_class = shapes.GiftCardOut
    filterset_class = asked.GiftCardFilter

    @extend_schema(
        request=asked.IssueIn, parameters=[KEY], responses={201: shapes.GiftCardOut, 400: Problem, 422: Problem}
    )
    def post(self, request):
        """Issue a card; it is mailed to its recipient on `deliver_on`, without one at once."""
        data = read(asked.IssueIn, request)
        card = services.issue(
            **data,
            currency_code=request.tenant.currency_code,
            by=actors.user(request.user, client_address(request)),
            now=timezone.now(),
            card_id=id_for(request),
        )
        return Response(self.get_serializer(card).data, status=201)


class OneGiftCard(Private, generics.RetrieveAPIView):
    permission_classes = [CARDS]
    queryset = GiftCard.objects.all()
    serializer_class = shapes.GiftCardOut


@extend_schema(
    request=asked.CheckIn, responses={200: shapes.CheckedOut, 404: Problem, 429: Problem, 503: Problem}, auth=[]
)
@open_endpoint("POST")
def check(request):
    """What a code is worth today. Ten tries a minute; whatever is wrong with a code, the answer is the same 404."""
    data = read(asked.CheckIn, request)
    guessing.count(client_address(request))
    card = queries.good_card(code=data["code"], business=request.tenant, now=timezone.now())
    if card is None:
        raise UnknownCode
    return Response(shapes.CheckedOut(card).data)


def id_for(request):
    """The id the caller's key stands for, or None: a repeated request finds its card there."""
    key = request.headers.get("Idempotency-Key", "")[:MAX_KEY]
    return uuid5(NAMESPACE_URL, f"gift-card:{request.tenant.pk}:{request.user.pk}:{key}") if key else None

"""Reviews: for everybody what is published; for members of the salon, and programs that work for it, all of them."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from audit import actors
from reviews import queries, services
from reviews.api import asked, examples, shapes
from tenants.addresses import client_address
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

WRITERS = needs(Permission.WRITE_WORDS)
PRESSED = {200: shapes.ReviewOut, 400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@extend_schema(responses={200: shapes.PublishedOut(many=True), 404: Problem})
class PublishedReviews(Private, generics.ListAPIView):
    """What the salon's page shows of its reviews, the latest first, and the average of all of them."""

    authentication_classes = []
    permission_classes = [AllowAny]
    queryset = queries.published()
    serializer_class = shapes.PublishedOut
    pagination_class = shapes.Rated
    filter_backends = []


class Reviews(Private, generics.ListAPIView):
    """What customers have written of their visits, the latest first."""

    permission_classes = [needs(Permission.VIEW_CUSTOMERS)]
    queryset = queries.reviews_for_team()
    serializer_class = shapes.ReviewOut
    filterset_class = asked.ReviewFilter


@extend_schema(request=asked.SeenIn, responses=PRESSED, examples=examples.PUBLISH)
@endpoint("POST", permission=WRITERS)
def publish(request, pk):
    """Show it on the booking site, also one that was hidden."""
    return _pressed(request, pk, asked.SeenIn, services.publish)


@extend_schema(request=asked.HideIn, responses=PRESSED, examples=examples.HIDE)
@endpoint("POST", permission=WRITERS)
def hide(request, pk):
    """Show it no more, and count it no more. Nothing is deleted."""
    return _pressed(request, pk, asked.HideIn, services.hide)


@extend_schema(request=asked.AnswerIn, responses=PRESSED, examples=examples.ANSWER)
@endpoint("POST", permission=WRITERS)
def answer(request, pk):
    """What the salon says to it, below the review wherever that is read."""
    return _pressed(request, pk, asked.AnswerIn, services.answer)


def _pressed(request, pk, body, act):
    data = read(body, request)
    review = get_object_or_404(queries.reviews_for_team(), pk=pk)
    by = actors.user(request.user, client_address(request))
    act(review=review, seen=data.pop("version"), **data, by=by, now=timezone.now())
    return Response(shapes.ReviewOut(queries.reviews_for_team().get(pk=pk)).data)

"""The least a view can do: one read, or one row written."""

import json
import uuid
from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bookings.models import Booking, Service, Status


@login_not_required
def one_query(request):
    return HttpResponse(Service.objects.filter(active=True).count())


@csrf_exempt
@login_not_required
@require_POST
def insert(request):
    """A booking's row and its commit: no price, no check, no lock, no customer, no mail, no second row."""
    asked = json.loads(request.body)
    start = datetime.fromisoformat(asked["start_time"])
    with transaction.atomic():
        booking = Booking.objects.create(
            ref=uuid.uuid4().hex[:12],
            team_member_id=asked["team_member_id"],
            start_at=start,
            end_at=start + timedelta(hours=1),
            booking_tz="UTC",
            local_date=start.date(),
            local_time=start.time(),
            status=Status.FAILED,
            price_cents=0,
            currency_code="EUR",
            confirmed_at=datetime.now(UTC),
        )
    return JsonResponse({"id": str(booking.pk)}, status=201)

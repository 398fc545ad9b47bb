"""What the pages about visits share: the visit of an address, who presses, the colours of badges."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from audit.admin import actor_of
from bookings.desk import pressing
from bookings.desk.shown import BADGES, state_of
from payments import queries, shown

#: What the admin calls its colours → this site's badges.
KINDS = {"success": "good", "warning": "warn", "danger": "bad"}


def visit_of(pk):
    """A visit of this salon with its people and its money; 404 where there is none."""
    return get_object_or_404(queries.visits(), pk=pk)


def presser(request):
    return pressing.Presser(request.tenant, request.membership, actor_of(request), timezone.now())


def say(request, said):
    messages.add_message(request, getattr(messages, said.level), said.text)


def badge(words_and_colour):
    """(words, kind) for `<c-badge>`."""
    text, colour = words_and_colour
    return text, KINDS.get(colour, "")


def state_badge(booking):
    return badge((state_of(booking), BADGES.get(booking.status, "")))


def payment_badge(booking):
    """Short: what to do about it stands on the visit's page."""
    text, kind = badge(shown.payment_badge(booking))
    return text.partition(":")[0], kind


def url_of_visit(booking):
    return reverse("dashboard:visit", args=[booking.pk])


def url_of_new_visit(**asked):
    """The form for a visit, filled in: `start`, `person`, `service`, `customer`."""
    return f"{reverse('dashboard:visit-new')}?{urlencode(asked)}"

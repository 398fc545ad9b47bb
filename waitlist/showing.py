"""The form on the page of times, where that has none."""

from datetime import timedelta

from django.dispatch import receiver
from django.urls import reverse

from bookings import queries, texts
from bookings.signals import times_shown
from bookings.views import visitor
from bookings.views.shown import Panel
from waitlist import rules
from waitlist.forms import WaitForm


@receiver(times_shown)
def offer_to_wait(sender, request, draft, picker, form, **kwargs):
    """The form, where nothing is free on the day or in the month that was asked for, or where it was sent and is wrong."""
    if draft.must_choose or (form is None and (picker.open_day or _is_closed(draft))):
        return None
    form = form or form_for(draft, initial=_known(request) | _days(draft, picker))
    return Panel(
        "waitlist/_form.html",
        {"form": form, "action": reverse("waitlist:join", args=[draft.services[0].pk]), "rule": rules.RULE},
    )


def _is_closed(draft):
    """Nobody's time becomes free on a day on which the salon is closed."""
    return bool(draft.day) and queries.is_closed(business=draft.business, day=draft.day)


def form_for(draft, data=None, **how):
    """The form for what the visitor has put together so far."""
    return WaitForm(
        data,
        business=draft.business,
        today=draft.today,
        last=draft.last,
        texts=texts.are_offered(),
        prefix="wait",
        **how,
    )


def _known(request):
    typed = visitor.entries(request)
    name = " ".join(filter(None, [typed.get("first_name"), typed.get("last_name")]))
    return {"name": name} | {key: typed[key] for key in ("email", "phone") if key in typed}


def _days(draft, picker):
    """The day that was asked for, else what the calendar shows."""
    if draft.day:
        return {"first_date": draft.day, "last_date": draft.day}
    month_end = (picker.first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {"first_date": max(picker.first, draft.today), "last_date": min(month_end, draft.last)}

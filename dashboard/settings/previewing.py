"""Between a form of settings and saving: what the change would do. Two presses, unless nobody would notice it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin import actor_of
from bookings import words
from bookings.services import previews
from dashboard.frame import show
from dashboard.settings import telling
from dashboard.settings.shown import services_of, visit_rows

#: What the page sends back beside the form's own fields: that it was looked at, or that it is to be written again.
SEEN, AGAIN = "seen", "again"
OURS = ("csrfmiddlewaretoken", SEEN, AGAIN)


def sent_of(request):
    """The form's own fields as they were sent: (name, value)."""
    return [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]


def wanted(request):
    """Whether the form was sent to be saved, and not to be written again with what was in it."""
    return request.method == "POST" and AGAIN not in request.POST


def save(request, change, *, title, said, back, ask=False):
    """Save what was looked at, or show what saving would do; the response. Raises what making the change raises.

    A change by which no visit falls outside and no start comes or goes is saved at once, unless it is to `ask` anyway.
    """
    asked = {"business": request.tenant, "change": change, "by": actor_of(request), "now": timezone.now()}
    stale, token = False, request.POST.get(SEEN)
    try:
        if token is None:
            preview = previews.preview_change(**asked)
            if ask or preview.difference:
                return _page(request, preview, title, back, stale)
            token = preview.token
        saved = previews.apply_change(**asked, token=token)
    except previews.PreviewStale as exc:
        return _page(request, exc.preview, title, back, str(exc))
    messages.success(request, said)
    telling.lost_services(request)
    return redirect("dashboard:outside") if saved.difference.outside else redirect(back)


def _page(request, preview, title, back, stale):
    difference = preview.difference
    rows, more = visit_rows(preview.visits, request.membership)
    context = {
        "title": title,
        "stale": stale,
        "kept": sent_of(request),
        "token": preview.token,
        "back_to": back if back.startswith("/") else reverse(back),
        "rows": rows,
        "more": more,
        "outside": words.count(len(difference.outside), "visit", "visits"),
        "gone": difference.vanish,
        "new": difference.appear,
        "services": services_of(difference, request.tenant),
        "first": words.full_date(preview.period.first),
        "last": words.full_date(preview.period.last),
        "looks_at_days": preview.period.first <= preview.period.last,
    }
    return show(request, "dashboard/settings/preview.html", context, here="settings")

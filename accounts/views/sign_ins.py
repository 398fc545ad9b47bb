"""Where one is signed in: the list, and the end of one or of all others."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, presence, queries
from accounts.services import sign_ins as services
from tenants.errors import DomainError


@require_safe
def sign_ins(request):
    here, now = presence.sign_in_of(request, request.user), timezone.now()
    rows = [
        {
            "sign_in": row,
            "device": devices.describe(row.agent),
            "host": row.business.name if row.business else "Tithi",
            "here": str(row.pk) == here,
            "seen": _seen(row, now),
        }
        for row in queries.sign_ins_of(request.user, now=now)
    ]
    rows.sort(key=lambda row: not row["here"])
    return render(request, "accounts/sign_ins.html", {"rows": rows})


def _seen(sign_in, now):
    """What is written down is up to five minutes old."""
    fresh = now - sign_in.seen_at < timedelta(seconds=presence.REFRESH_SECONDS)
    return "a moment ago" if fresh else f"{timesince(sign_in.seen_at, now)} ago"


@require_POST
def end(request, pk):
    """End one of one's sign-ins; this one, and one is signed out."""
    try:
        services.end(user=request.user, sign_in_id=pk)
    except DomainError as exc:
        messages.error(request, str(exc))
        return redirect("account-sessions")
    if str(pk) == presence.sign_in_of(request, request.user):
        logout(request)
        return redirect("account_login")
    messages.success(request, "Signed out there.")
    return redirect("account-sessions")


@require_POST
def end_others(request):
    services.end_others(user=request.user, keep=presence.sign_in_of(request, request.user))
    messages.success(request, "Signed out everywhere else, programs too.")
    return redirect("account-sessions")

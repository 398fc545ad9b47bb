"""Which occasions leave as a text message, what one costs, and what there is to pay it with."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from dashboard.frame import page, show
from messaging import gateway, queries, services
from messaging.models import Channel
from messaging.triggers import RULED, TEXTED
from payments.credits.models import Profile
from tenants import hosts
from tenants.models import Role
from tenants.permissions import Permission

#: What leaves as a text beside its mail. Reminders are switched on a page of their own.
OCCASIONS = TEXTED - RULED


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_WORDS)
def texts(request):
    occasions = [each for each in queries.occasions() if _is_here(each)]
    if request.method == "POST":
        return _switch(request, {each.trigger.value: each.trigger for each in occasions})
    is_owner = request.membership.role == Role.OWNER
    context = {
        "occasions": occasions,
        "is_sent": gateway.is_on(),
        "price": settings.CREDITS_PER_SMS,
        "credits": Profile.objects.filter(user=request.user).first() if is_owner else None,
        "credits_url": hosts.platform_url() + reverse("credits:page", urlconf="config.urls_platform")
        if is_owner
        else "",
    }
    return show(request, "dashboard/texts/page.html", context, here="settings")


def _switch(request, triggers):
    trigger, on = triggers.get(request.POST.get("trigger", "")), request.POST.get("use") == "on"
    if trigger is None:
        raise Http404
    services.switch_text(trigger=trigger.value, on=on, by=actor_of(request), now=timezone.now())
    messages.success(request, f"{trigger.label}: text messages are {'on' if on else 'off'}.")
    return redirect("dashboard:texts")


def _is_here(occasion):
    return occasion.channel == Channel.SMS and occasion.trigger.value in OCCASIONS

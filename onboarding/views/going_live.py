"""Step 12: open the booking page; and what to do with an open one."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from bookings import embed
from bookings.models import Booking, Source
from onboarding import readiness, services, steps
from onboarding.views.frame import step
from tenants.errors import DomainError
from tenants.models import BusinessStatus
from tenants.qr import picture_of

#: Findings that are mended outside the wizard: code → (name of the page, what the link says).
ELSEWHERE = {
    "email_unconfirmed": ("account_email", "Your e-mail addresses"),
    "plan_closed": ("billing:index", "Billing"),
    "leaving": ("salon:leave", "Keep the salon"),
}
#: Pages whose address names the salon.
OF_THE_SALON = ("salon:leave",)


@step("go-live")
def go_live(request, at):
    """Blockers and recommendations, apart; one press opens. Open, the page says where it is and how to close it."""
    if request.method == "POST":
        return _press(request, at)
    blockers = [_shown(at, finding) for finding in readiness.blockers(at.business)]
    return at.page(
        "go_live",
        is_open=at.business.status == BusinessStatus.ACTIVE,
        blockers=blockers,
        recommendations=[_shown(at, finding) for finding in readiness.recommendations(at.business, at.progress)],
        samples=Booking.objects.filter(source=Source.SAMPLE).count(),
        can_sample=at.business.status == BusinessStatus.ONBOARDING and not blockers,
        qr=picture_of(at.business.url + "/"),
        snippet=embed.snippet(at.business),
    )


def _press(request, at):
    told = {"progress": at.progress, "by": at.by, "now": at.now}
    try:
        if "offline" in request.POST:
            services.take_offline(**told)
            messages.success(request, "Your booking page is closed for now. Visits that are booked stay as they are.")
        elif "add_sample" in request.POST:
            count = services.add_sample(**told)
            messages.success(request, f"{count} sample visits are in the coming week’s diary. Nobody was written to.")
        elif "remove_sample" in request.POST:
            services.remove_sample(**told)
            messages.success(request, "The sample data is gone.")
        else:
            services.go_live(**told, in_directory="in_directory" in request.POST)
    except services.Blocked:
        pass  # the page that follows says what is missing
    except DomainError as exc:
        messages.error(request, str(exc))
    return redirect(at.address(at.step))


def _shown(at, finding):
    """A finding with the way to where it is mended."""
    if finding.code in ELSEWHERE:
        name, where = ELSEWHERE[finding.code]
        args = [at.business.pk] if name in OF_THE_SALON else []
        return {"sentence": finding.sentence, "url": reverse(name, args=args), "where": where}
    step = steps.BY_KEY.get(finding.step)
    if step is None or step is at.step:
        return {"sentence": finding.sentence}
    return {"sentence": finding.sentence, "url": at.address(step), "where": step.title}

"""When customers are reminded, and whether they are asked afterwards."""

from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.queries.reminders import reminding
from bookings.services import records
from bookings.services import reminders as verbs
from dashboard.frame import page, show
from dashboard.reminders.forms import RemindersForm
from dashboard.reminders.shown import shown_examples
from dashboard.settings.views.salon import posted, press, saved
from messaging import gateway
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def reminders(request):
    """With `look` nothing is saved: the examples are those of what was typed."""
    how, looks = reminding(), False
    form = RemindersForm(posted(request), how=how, by_text=gateway.is_on())
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            found = verbs.faults(**_as_checked(form.asked))
            form.refuse(found)
            how, looks = (how, False) if found else (form.how, True)
        else:
            changed = _change(request, form)
            if changed is not None:
                return saved(request, changed, "dashboard:reminders", "Visits to come follow in a moment.")
    context = {
        "form": form,
        "wrong": [rule for rule in form.rules if rule.errors],
        "looks": looks,
        "examples": shown_examples(business=request.tenant, how=how, now=timezone.now()),
    }
    return show(request, "dashboard/reminders/reminders.html", context, here="settings")


def _change(request, form):
    """What was changed; None with the refusals at their fields."""
    try:
        return verbs.change_reminders(business=request.tenant, **form.asked, **press(request))
    except records.Refused as exc:
        form.refuse(exc.sentences)
    return None


def _as_checked(asked):
    return asked | {"rules": [rule for rule, _ in asked["rules"]]}

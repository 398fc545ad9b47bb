"""Step 3: where the salon is and when it opens."""

from bookings.models import OpeningHours
from bookings.services import zones
from onboarding import services, starters
from onboarding.forms.business import LocationForm
from onboarding.forms.hours import WeekForm
from onboarding.views.frame import step

COLUMNS = (
    "email", "address_line1", "address_line2", "postal_code", "city", "region", "country", "timezone", "currency_code",
)  # fmt: skip

#: What happens to coming visits when the clock changes under them; asked where there are any.
KEEPS = ((zones.WALLS, "Keep their times on the clock"), (zones.INSTANTS, "Keep their moments"))


@step("location")
def location(request, at):
    business = at.business
    initial = {name: getattr(business, name) for name in COLUMNS} | {"phone": business.phone or ""}
    form = LocationForm(request.POST or None, business=business, initial=initial)
    week = WeekForm(request.POST or None, shifts=_hours(at))
    if request.method == "POST" and all([form.is_valid(), week.is_valid()]):
        values = {"profile": form.profile(), "timezone": form.cleaned_data["timezone"], "opening_hours": week.shifts()}
        if at.saved(form, services.save_location, **values, keep_visits=request.POST.get("keep_visits")):
            return at.onward()
    return at.page(
        "location",
        form=form,
        week=week,
        wrong=[each for each in (form, week) if each.errors],
        guess_zone=not at.is_answered,
        keeps=KEEPS if request.method == "POST" else (),
    )


def _hours(at):
    """The salon's own hours; before the first answer, those of its kind of business."""
    rows = list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min"))
    return rows if rows or at.is_answered else starters.starter_for(at.business.category).hours

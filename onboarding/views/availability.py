"""Step 7: who works when."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect

from bookings import stranded
from bookings.models import OpeningHours, Service
from bookings.unbookable import SHIFT, shifts_of, unbookable
from dashboard.settings import previewing
from onboarding import services, starters
from onboarding.forms.availability import PersonWeeks, people, performed_by
from onboarding.views import looking
from onboarding.views.frame import step

#: So many are shown on one page; of more, one at a time.
FEW = 3


@step("availability")
def availability(request, at):
    """A week for each person, filled with what they work, or else with the salon's hours."""
    team = people()
    shown = _shown(request, team)
    weeks = _weeks(request, at, shown)
    if previewing.wanted(request) and "same" not in request.POST and weeks:
        return _saved(request, at, team, weeks) or _page(at, team, weeks)
    return _page(at, team, weeks)


def _shown(request, team):
    """Whom the page is about: everybody while they are few; otherwise the one who is named, or the first without hours."""
    if request.method == "POST":
        return [member for member in team if str(member.pk) in request.POST.getlist("people")]
    if len(team) <= FEW:
        return team
    named = [member for member in team if str(member.pk) == request.GET.get("person")]
    return named or _without_hours(team)[:1] or team[:1]


def _without_hours(team):
    plans = shifts_of([member.pk for member in team])
    return [member for member in team if not plans.get((member.pk, None))]


def _weeks(request, at, shown):
    opening = list(OpeningHours.objects.values_list(*SHIFT))
    usual = opening or starters.starter_for(at.business.category).hours
    plans = shifts_of([member.pk for member in shown])
    return [
        PersonWeeks(
            request.POST or None,
            member=member,
            plans={service: shifts for (owner, service), shifts in plans.items() if owner == member.pk},
            services=performed_by(member),
            opening=opening,
            usual=usual,
            offer=not at.is_answered,
            same=request.POST.get("same") == str(member.pk),
        )
        for member in shown
    ]


def _page(at, team, weeks, **more):
    without = _without_hours(team)
    shown = {each.member for each in weeks}
    return at.page(
        "availability",
        people=[{"member": each, "is_here": each in shown, "works": each not in without} for each in team],
        choose=len(team) > FEW,
        weeks=weeks,
        others_without=[each for each in without if each not in shown],
        give_others="others" in at.request.POST if at.request.method == "POST" else not at.is_answered,
        unbookable=_unbookable(at) if at.is_answered else [],  # before that, nobody works
        admin=f"{at.business.url}/admin/bookings/teammember",
        wrong=[form for each in weeks for form in each.wrong()],
        **more,
    )


def _unbookable(at):
    return unbookable(business=at.business, services=list(Service.objects.bookable()))


def _saved(request, at, team, weeks):
    """The way on; None, or the page, where nothing was kept."""
    if not all(form.is_valid() for each in weeks for form in each.read()):
        return None
    plans = [pair for each in weeks for pair in each.plans()]
    others = [each for each in _without_hours(team) if each not in {own.member for own in weeks}]
    given = [services.Plan(each, plans[0][0].shifts) for each in others] if "others" in request.POST else []
    before = set(_unbookable(at) if at.is_answered else [])
    stuck = _stuck(at, team)
    try:
        everything = [plan for plan, _ in plans] + given
        save = partial(services.save_availability, progress=at.progress, plans=everything)
        _, page = looking.kept(at, "Working hours", save)
    except services.RowsRefused as exc:
        for index, sentences in exc.rows.items():
            form = plans[index][1] if index < len(plans) else plans[0][1]
            form.add_error(None, " ".join(sentences.values()))
        return None
    except services.NobodyWorks as exc:
        return _page(at, team, weeks, problem=str(exc))
    if page:
        return page
    _tell_of_visits(request, _stuck(at, team) - stuck)
    return _onward(at, team, weeks, more_to_see=set(_unbookable(at)) - before)


def _onward(at, team, weeks, more_to_see):
    """The next person without hours; then the next step, unless the page has something new to say."""
    if len(team) <= FEW:
        return at.onward(stay=bool(more_to_see))
    here = weeks[-1].member
    later = team[team.index(here) + 1 :]
    following = next(iter(_without_hours(later)), None)
    if following is None and not at.is_live and not more_to_see:
        return at.onward()
    return redirect(f"{at.address(at.step, saved=True)}&person={(following or here).pk}")


def _stuck(at, team):
    """Visits outside somebody's hours; before the page was open there is nothing to lose."""
    if not at.is_live:
        return set()
    return set(stranded.outside_hours(business=at.business, members=[each.pk for each in team], now=at.now))


def _tell_of_visits(request, visits):
    if visits:
        count = "One coming visit is" if len(visits) == 1 else f"{len(visits)} coming visits are"
        messages.warning(
            request, f"{count} outside the new hours. They stay as booked until you move them in the diary."
        )

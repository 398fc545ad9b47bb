"""Step 4: who works here."""

from functools import partial

from django.contrib import messages

from accounts import queries as accounts
from bookings import stranded
from bookings.models import Service, TeamMember
from bookings.models.team import TeamRole
from dashboard.settings import previewing
from onboarding import services
from onboarding.forms import team as forms
from onboarding.views import looking
from onboarding.views.frame import step
from tenants.addresses import client_address


@step("team")
def team(request, at):
    """The people there are, and rows for more. Before the first answer the owner is one of them."""
    known = _known(request, at)
    if request.method != "POST":
        return _page(at, forms.Formset(initial=_rows(known, at), team=known))
    if "more" in request.POST or not previewing.wanted(request):
        return _page(at, forms.shown_again(request.POST, team=known))
    people = forms.Formset(request.POST, team=known)
    return (people.is_valid() and _saved(request, at, people)) or _page(at, people)


def _page(at, people, **more):
    return at.page("team", people=people, **more)


def _saved(request, at, people):
    """The way on, or the page with what could not be done; None where nothing was kept, said at its rows."""
    rows = people.meant()
    leaving = [row.member for row in rows if row.leaves()]
    try:
        save = partial(services.save_team, progress=at.progress, people=[row.person() for row in rows])
        members, page = looking.kept(at, "Your team", save)
    except services.RowsRefused as exc:
        for index, sentences in exc.rows.items():
            for name, sentence in sentences.items():
                rows[index].add_error(name if name in rows[index].fields else None, sentence)
        return None
    except services.NobodyToBook as exc:
        return _page(at, people, problem=str(exc))
    if page:
        return page
    for member in leaving:
        _tell_of_visits(request, member, at.now)
    unsent = _invite(request, at, rows, members)
    if not unsent:
        return at.onward()
    at.progress.refresh_from_db()
    known = _known(request, at, unsent)
    return _page(at, forms.Formset(initial=_rows(known, at), team=known), unsent=unsent)


def _invite(request, at, rows, members):
    """Ask whoever is to sign in; returns person's id → why the invitation could not be sent."""
    asked = {str(member.pk): row.invitation() for row, member in zip(rows, members, strict=True) if row.invitation()}
    where = {"business": at.business, "by": request.user, "address": client_address(request)}
    unsent = services.invite_people(people=asked.values(), now=at.now, **where)
    return {who: unsent[email] for who, (email, _) in asked.items() if email in unsent}


def _tell_of_visits(request, member, now):
    if count := len(stranded.of_person(member=member, now=now)):
        visits = "One coming visit needs" if count == 1 else f"{count} coming visits need"
        messages.warning(request, f"{visits} somebody else than {member}: move them in the diary.")


def _known(request, at, unsent=None):
    asked = accounts.invitations_of(at.business).filter(expires_at__gt=at.now)
    return forms.Team(
        business=at.business,
        you=request.user,
        members={str(member.pk): member for member in TeamMember.objects.all()},
        logins={membership.user.email.lower() for membership in accounts.team_of(at.business)},
        asked={email.lower() for email in asked.values_list("email", flat=True)},
        has_services=Service.objects.filter(deleted_at=None).exists(),
        unsent=unsent or {},
    )


def _rows(known, at):
    """Everybody there is; and the owner where nobody is that yet: asked for first at first, offered last later."""
    everybody = known.members.values()
    rows = [forms.as_row(member) for member in everybody]
    if any(member.user_id == known.you.pk or member.role == TeamRole.OWNER for member in everybody):
        return rows
    own = forms.own_row(known.you, at.business, is_active=not at.is_answered)
    return [*rows, own] if at.is_answered else [own, *rows]

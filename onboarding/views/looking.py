"""Between an answer in a live salon's settings and keeping it: what it would do. Two presses, unless nobody would notice."""

from bookings import words
from bookings.services import previews
from dashboard.settings.previewing import SEEN, sent_of
from dashboard.settings.shown import services_of
from feeds.links import visit_url
from onboarding import services

SHOWN = 50


def kept(at, title, make):
    """(what `make(by=, now=)` returned, None); or (None, the page to look at first), and then nothing is kept.

    Before the booking page was open there is nothing to lose, and nothing to look at. Raises what `make` raises.
    """
    told = {"by": at.by, "now": at.now}
    if not at.is_live:
        return make(**told), None
    made, token, stale = [], at.request.POST.get(SEEN), ""
    answer = services.Answer(tuple(sorted(sent_of(at.request))), lambda **told: made.append(make(**told)))
    asked = {"progress": at.progress, "answer": answer, **told}
    try:
        if token is None:
            preview = services.look_at(**asked)
            if preview.difference:
                return None, _page(at, title, preview, stale)
            token = preview.token
        services.keep_seen(**asked, token=token)
    except previews.PreviewStale as exc:
        return None, _page(at, title, exc.preview, str(exc))
    return made[-1], None


def _page(at, title, preview, stale):
    difference, url = preview.difference, visit_url(at.business)
    visits = list(preview.visits.prefetch_related("items")[:SHOWN])
    return at.page(
        "looked_at",
        title=title,
        stale=stale,
        kept=sent_of(at.request),
        token=preview.token,
        visits=[{"visit": each, "when": words.when(each.local_start), "url": url(each.pk)} for each in visits],
        more=len(difference.outside) - len(visits),
        outside=words.count(len(difference.outside), "visit", "visits"),
        gone=difference.vanish,
        new=difference.appear,
        services=services_of(difference, at.business),
        first=words.full_date(preview.period.first),
        last=words.full_date(preview.period.last),
        back_url=at.address(at.step),
    )

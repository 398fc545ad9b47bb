"""The calendar itself, as programs ask for it: no login, a secret in the address."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from feeds import links, queries, services, writing


@require_safe
@login_not_required
def calendar(request, token):
    """The calendar, or 304 where the program has it already: then nothing of it is read or written.

    Its mark is taken before its rows: what changes in between is fetched the next time, and never missed.
    """
    now, business = timezone.now(), request.tenant
    feed = queries.feed_for(business=business, token=token)
    if feed is None:
        raise Http404
    services.note_fetch(link=feed.link, now=now)
    page_url, location = links.visit_url(business), ", ".join(business.address_lines)
    head = writing.head(name=_name(business, feed.link), zone=business.timezone)
    around = [str(writing.FORMAT), *head, location, page_url(""), settings.PLATFORM_DOMAIN]
    mark = hashlib.sha256("\n".join([*around, queries.visits_digest(feed, now=now)]).encode()).hexdigest()
    etag = f'"{mark[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        body = writing.calendar(
            head=head,
            visits=queries.visits_of(feed, now=now),
            uid_domain=settings.PLATFORM_DOMAIN,
            location=location,
            page_url=page_url,
            names_people=feed.link.team_member_id is None,
        )
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="visits.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _name(business, link):
    return f"{link.team_member} · {business.name}" if link.team_member else business.name

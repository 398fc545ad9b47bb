"""What has changed since: for pages whose socket is not there."""

from datetime import timedelta

from django.http import HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from audit import queries
from dashboard.frame import page
from dashboard.live import news
from messaging.notices import queries as notices
from tenants.permissions import Permission

#: A line's time is that of the press, and its transaction may take a moment. Told twice is better than not at all.
SLACK = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
MOST = 50


@require_safe
@page(Permission.VIEW_DIARY)
def since(request):
    """The changes after `?after=…` (an instant, one hour back at most), and the instant to ask from next time."""
    now = timezone.now()
    after = _instant(request.GET.get("after", ""))
    if after is None:
        return HttpResponseBadRequest()
    lines = queries.lines_since(max(after - SLACK, now - LONGEST), about=list(news.KINDS), most=MOST)
    told = {news.of_line(line) for line in lines}
    told |= {news.of_notice(*each) for each in notices.told_since(request.membership, after - SLACK)[:MOST]}
    return JsonResponse({"now": now.isoformat(), "changes": [item.as_json() for item in told]})


def _instant(text):
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None

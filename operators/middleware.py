"""What support looks at in a salon stands in that salon's own trail."""

from django.utils import timezone

from operators import services
from tenants.addresses import client_address

#: Pieces of pages, asked for along with them, or by them every few seconds.
PIECES = ("/admin/jsi18n/", "/dashboard/live/since")


class SupportTrailMiddleware:
    """Writes a line for every request that was let in as support, before its answer leaves: no line, no page.

    Stands inside `tenants.middleware.MembershipMiddleware`, which says whether somebody came as support.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.support and request.path not in PIECES:
            services.note_request(
                access=request.support,
                path=request.path,
                method=request.method,
                status=response.status_code,
                address=client_address(request),
                now=timezone.now(),
            )
        return response

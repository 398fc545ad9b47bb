"""The script that puts a booking button on a salon's own website."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bookings import embed
from tenants.models import BusinessStatus

SOURCE = (Path(settings.BASE_DIR) / "bookings/embed.js").read_text().strip()
CLOSED = "// This salon takes no bookings right now.\n"


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def embed_script(request):
    """The script with the salon's colours; nothing but a comment while the salon is closed. Looks at nobody's session."""
    is_open = request.tenant.status == BusinessStatus.ACTIVE
    body = f"({SOURCE})({embed.settings_json(request.tenant)})\n" if is_open else CLOSED
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # other websites are whom it is for
    return response

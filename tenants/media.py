"""What a salon looks like, served from its own host: its brand's style sheet and its uploaded files."""

import mimetypes

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpResponse
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from tenants import branding

FOR_GOOD = "public, max-age=31536000, immutable"
#: What uploads are re-encoded to; anything else in the folder is not for browsers.
TYPES = {"image/webp", "image/png", "image/jpeg", "image/gif"}


@login_not_required
@require_safe
def brand_css(request):
    """Design tokens of the host's salon. Cached for good under the current version, never under a stale one."""
    brand = {
        "primary": request.tenant.primary_color,
        "secondary": request.tenant.secondary_color,
        "font": request.tenant.font,
    }
    response = HttpResponse(branding.stylesheet(**brand), content_type="text/css; charset=utf-8")
    current = request.GET.get("v") == branding.version(**brand)
    response["Cache-Control"] = FOR_GOOD if current else "no-cache"
    return response


@login_not_required
@require_safe
def media(request, path):
    """An uploaded image of the host's own salon; another salon's path, or anything but an image, is a 404."""
    kind = mimetypes.guess_type(path)[0]
    folder = request.tenant.schema_name
    if kind not in TYPES or not path.startswith(f"{folder}/"):
        raise Http404
    try:
        # Joined to the salon's folder, not to the root: `<own>/../<other>/…` cannot climb out.
        full = safe_join(settings.MEDIA_ROOT / folder, path.removeprefix(f"{folder}/"))
        file = open(full, "rb")  # noqa: SIM115 -- FileResponse closes it
    except (SuspiciousFileOperation, ValueError, OSError):
        raise Http404 from None
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = FOR_GOOD
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

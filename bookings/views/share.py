"""The picture beside a shared link."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bookings import share_image


@login_not_required
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def share_picture(request):
    business = request.tenant
    png = share_image.draw(
        name=business.name,
        place=", ".join(filter(None, [business.city, business.region])),
        primary=business.primary_color,
        secondary=business.secondary_color,
        font=business.font,
    )
    response = HttpResponse(png, content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # others show it beside the link
    return response

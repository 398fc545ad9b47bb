"""Step 5 for programs."""

from rest_framework import serializers

from bookings.services.settings import KEPT
from onboarding import services
from onboarding.api.frame import SkippableIn, step
from tenants import media_services
from tenants.api.examples import example
from tenants.api.parsers import SmallFormParser
from tenants.models import Font, hex_color


@example("Colours and a type face", primary_color="#7a3e65", secondary_color="#f2c14e", font="serif")
class BrandingIn(SkippableIn):
    """As JSON, or as a multipart form with the logo. What is not named stays."""

    primary_color = serializers.CharField(validators=[hex_color])
    secondary_color = serializers.CharField(validators=[hex_color], allow_blank=True, required=False)
    font = serializers.ChoiceField(choices=Font.choices, required=False)
    logo = serializers.FileField(required=False, allow_null=True, help_text="null takes it away.")

    def validate_logo(self, value):
        if value is not None and value.size > media_services.MAX_BYTES:
            raise serializers.ValidationError(media_services.ImageRefused.message)
        return value


@step(5, BrandingIn, parsers=[SmallFormParser])
def branding(at, *, logo=KEPT, **looks):
    """What the booking page looks like. Words stay readable whatever the colour."""
    picture = logo.read() if hasattr(logo, "read") else logo
    services.save_branding(looks=looks, logo=picture, **at.told)
    business = at.business
    return {"logo_url": business.url + business.logo.url if business.logo else None}

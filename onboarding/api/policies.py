"""Step 9 for programs."""

from rest_framework import serializers

from bookings.api.settings_asked import BookingIn, PoliciesIn
from bookings.api.settings_paths import flat, of_kinds
from onboarding import services
from onboarding.api.frame import StepIn, step
from tenants.api.examples import example


@example(
    "Free until a day before, half of the price after",
    policies={
        "cancellation": {"window_hours": 24, "fee_type": "percent", "fee_percent": 50},
        "no_show": {"fee_type": "percent", "fee_percent": 100},
    },
    booking={"min_notice_min": 120, "horizon_days": 90, "slot_step_min": 15, "auto_confirm": True},
)
class TermsIn(StepIn):
    """The blocks of the salon's settings. What they do not name stays as it is."""

    policies = PoliciesIn()
    booking = BookingIn()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, partial=True, **kwargs)

    def validate(self, data):
        if "policies" not in data:
            raise serializers.ValidationError({"policies": ["This field is required."]})
        return data


@step(9, TermsIn)
def policies(at, **body):
    kinds = of_kinds(flat(body))
    services.save_policies(policies=kinds["policies"], booking=kinds["rules"], **at.told)

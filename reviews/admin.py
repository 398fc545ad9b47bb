"""Reviews in the salon's admin: to read, and to publish several at once."""

from django.contrib import messages
from django.utils import timezone
from unfold.decorators import action, display

from audit.admin import SalonModelAdmin, actor_of
from reviews import services
from reviews.models import Review, ReviewStatus
from tenants.admin import Grants, moment, register
from tenants.errors import DomainError
from tenants.permissions import Permission

COLORS = {
    ReviewStatus.WAITING: "warning",
    ReviewStatus.PUBLISHED: "success",
    ReviewStatus.HIDDEN: "danger",
}


@register(Review)
class ReviewAdmin(SalonModelAdmin):
    grants = Grants(view=Permission.VIEW_CUSTOMERS)
    list_display = ("stars_shown", "state", "signed_shown", "service", "words", "written")
    list_filter = ("status", "stars")
    list_select_related = ("booking",)
    ordering = ("-written_at", "pk")
    fields = (
        ("stars_shown", "state"),
        "signed_shown",
        "text",
        ("written", "published"),
        "hidden_reason",
        "answer",
        ("answered", "answered_by"),
    )
    actions = ("publish_selected",)
    written = moment("written_at", "written")
    published = moment("published_at", "first published")
    answered = moment("answered_at", "answered")

    @display(description="stars", ordering="stars")
    def stars_shown(self, review):
        return str(review)

    @display(description="signed", ordering="shown_name")
    def signed_shown(self, review):
        return review.signed

    @display(description="service")
    def service(self, review):
        return review.booking.service_name

    @display(description="words")
    def words(self, review):
        return review.text[:80]

    @display(description="state", ordering="status", label={color: color for color in COLORS.values()})
    def state(self, review):
        status = ReviewStatus(review.status)
        return COLORS.get(status, ""), status.label

    @action(description="Publish", permissions=["write_words"])
    def publish_selected(self, request, reviews):
        """Each as it stands in the list; what cannot be published is said."""
        done = 0
        for review in reviews:
            try:
                services.publish(review=review, seen=review.version, by=actor_of(request), now=timezone.now())
            except DomainError as exc:
                self.message_user(request, f"{review}: {exc}", messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"{done} published.", messages.SUCCESS)

"""The diary's API, on a salon's host."""

from django.urls import path

from bookings.api.views import booking, catalogue, changes, customers, figures, groups, settings, staff, team, words

app_name = "bookings-api"
urlpatterns = [
    path("booking/tenant-data/<uuid:tenant_id>", booking.tenant_data, name="tenant-data"),
    path("booking/availability", booking.availability, name="availability"),
    path("api/v1/services", catalogue.Services.as_view(), name="services"),
    path("api/v1/services/<uuid:pk>", catalogue.OneService.as_view(), name="service"),
    path("api/v1/service-categories", catalogue.Categories.as_view(), name="categories"),
    path("api/v1/service-categories/<uuid:pk>", catalogue.OneCategory.as_view(), name="category"),
    path("api/v1/team/members", team.TeamMembers.as_view(), name="team"),
    path("api/v1/team/members/<uuid:pk>", team.OneTeamMember.as_view(), name="team-member"),
    path("api/v1/team/<uuid:member_id>/availability", team.availability, name="team-availability"),
    path("api/v1/team/<uuid:member_id>/special-days", team.SpecialDays.as_view(), name="special-days"),
    path("api/v1/team/<uuid:member_id>/special-days/<uuid:pk>", team.OneSpecialDay.as_view(), name="special-day"),
    path("api/v1/team/<uuid:member_id>/time-blocks", team.TimeBlocks.as_view(), name="time-blocks"),
    path("api/v1/team/<uuid:member_id>/time-blocks/<uuid:pk>", team.OneTimeBlock.as_view(), name="time-block"),
    path("api/v1/closures", team.Closures.as_view(), name="closures"),
    path("api/v1/closures/<uuid:pk>", team.OneClosure.as_view(), name="closure"),
    path("api/v1/changes/opening-hours", changes.opening_hours, name="change-hours"),
    path("api/v1/changes/weekly-plan", changes.weekly_plan, name="change-week"),
    path("api/v1/changes/closure", changes.closure, name="change-closure"),
    path("api/v1/changes/service-length", changes.service_length, name="change-length"),
    path("api/v1/changes/leaving", changes.leaving, name="change-leaving"),
    path("api/v1/admin/bookings", staff.Bookings.as_view(), name="bookings"),
    path("api/v1/admin/bookings/<uuid:pk>/reschedule", staff.reschedule, name="reschedule"),
    path("api/v1/admin/bookings/<uuid:pk>/undo-move", staff.undo_move, name="undo-move"),
    path("api/v1/admin/bookings/<uuid:pk>/check-in", staff.check_in, name="check-in"),
    path("api/v1/admin/booking-groups/availability", groups.availability, name="group-availability"),
    path("api/v1/admin/booking-groups/<uuid:pk>", groups.OneGroup.as_view(), name="group"),
    path("api/v1/admin/customers", customers.Customers.as_view(), name="customers"),
    path("api/v1/admin/customers/<uuid:pk>", customers.OneCustomer.as_view(), name="customer"),
    path("api/v1/admin/customers/<uuid:pk>/bookings", customers.CustomerBookings.as_view(), name="customer-bookings"),
    path("api/v1/admin/customers/<uuid:pk>/notes", customers.CustomerNotes.as_view(), name="customer-notes"),
    path("api/v1/admin/customers/<uuid:pk>/merge", customers.merge, name="customer-merge"),
    path("api/v1/admin/customers/<uuid:pk>/erase", customers.erase, name="customer-erase"),
    path("api/v1/admin/settings", settings.settings, name="settings"),
    path("api/v1/notification-templates", words.Templates.as_view(), name="templates"),
    path("api/v1/notification-templates/<uuid:pk>", words.OneTemplate.as_view(), name="template"),
    path("api/v1/notification-templates/<uuid:pk>/preview", words.preview, name="template-preview"),
    path("api/v1/admin/analytics/bookings", figures.analytics, name="booking-analytics"),
]

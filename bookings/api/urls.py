"""The diary's API, on a salon's host."""

from django.urls import path

from bookings.api.views import booking, catalogue, settings, staff, words

app_name = "bookings-api"
urlpatterns = [
    path("booking/tenant-data/<uuid:tenant_id>", booking.tenant_data, name="tenant-data"),
    path("booking/availability", booking.availability, name="availability"),
    path("api/v1/services", catalogue.Services.as_view(), name="services"),
    path("api/v1/services/<uuid:pk>", catalogue.OneService.as_view(), name="service"),
    path("api/v1/service-categories", catalogue.Categories.as_view(), name="categories"),
    path("api/v1/service-categories/<uuid:pk>", catalogue.OneCategory.as_view(), name="category"),
    path("api/v1/team/members", catalogue.TeamMembers.as_view(), name="team"),
    path("api/v1/team/members/<uuid:pk>", catalogue.OneTeamMember.as_view(), name="team-member"),
    path("api/v1/team/<uuid:member_id>/availability", catalogue.availability, name="team-availability"),
    path("api/v1/admin/bookings", staff.Bookings.as_view(), name="bookings"),
    path("api/v1/admin/bookings/<uuid:pk>/reschedule", staff.reschedule, name="reschedule"),
    path("api/v1/admin/bookings/<uuid:pk>/undo-move", staff.undo_move, name="undo-move"),
    path("api/v1/admin/bookings/<uuid:pk>/check-in", staff.check_in, name="check-in"),
    path("api/v1/admin/customers", staff.Customers.as_view(), name="customers"),
    path("api/v1/admin/customers/<uuid:pk>", staff.OneCustomer.as_view(), name="customer"),
    path("api/v1/admin/customers/<uuid:pk>/bookings", staff.CustomerBookings.as_view(), name="customer-bookings"),
    path("api/v1/admin/settings", settings.settings, name="settings"),
    path("api/v1/notification-templates", words.Templates.as_view(), name="templates"),
    path("api/v1/notification-templates/<uuid:pk>", words.OneTemplate.as_view(), name="template"),
    path("api/v1/notification-templates/<uuid:pk>/preview", words.preview, name="template-preview"),
    path("api/v1/admin/analytics/bookings", staff.analytics, name="booking-analytics"),
]

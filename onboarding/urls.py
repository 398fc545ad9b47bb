"""The wizard, on the platform's host. One address a step."""

from django.urls import path

from onboarding.views import (
    availability,
    branding,
    business,
    gift_cards,
    going_live,
    location,
    menu,
    menu_import,
    notifications,
    payments,
    policies,
    team,
)

app_name = "onboarding"
urlpatterns = [
    path("", business.index, name="index"),
    path("business/", business.business, name="business"),
    path("address/", business.address, name="address"),
    path("address/check/", business.check_address, name="check-address"),
    path("location/", location.location, name="location"),
    path("team/", team.team, name="team"),
    path("branding/", branding.branding, name="branding"),
    path("services/", menu.menu, name="services"),
    path("services/import/", menu_import.import_services, name="import-services"),
    path("services/categories/new/", menu.category, name="new-category"),
    path("services/categories/<uuid:pk>/", menu.category, name="category"),
    path("services/categories/<uuid:pk>/remove/", menu.remove_category, name="remove-category"),
    path("services/<uuid:pk>/", menu.service, name="service"),
    path("services/<uuid:pk>/remove/", menu.remove_service, name="remove-service"),
    path("availability/", availability.availability, name="availability"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("policies/", policies.policies, name="policies"),
    path("gift-cards/", gift_cards.gift_cards, name="gift-cards"),
    path("payments/", payments.payments, name="payments"),
    path("go-live/", going_live.go_live, name="go-live"),
]

"""Memberships' API, on a salon's host."""

from django.urls import path

from memberships.api import members, plans

app_name = "memberships-api"
urlpatterns = [
    path("booking/memberships", plans.on_offer, name="on-offer"),
    path("api/v1/membership-plans", plans.Plans.as_view(), name="plans"),
    path("api/v1/membership-plans/<uuid:pk>", plans.OnePlan.as_view(), name="plan"),
    path("api/v1/memberships", members.Members.as_view(), name="members"),
    path("api/v1/memberships/<uuid:pk>", members.OneMember.as_view(), name="member"),
    path("api/v1/memberships/<uuid:pk>/end", members.end, name="end"),
    path("api/v1/memberships/<uuid:pk>/keep", members.keep, name="keep"),
]

"""Below `/dashboard/settings/`."""

from django.urls import path

from dashboard.settings import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/details/", views.details, name="details"),
    path("settings/rules/", views.rules, name="rules"),
    path("settings/policies/", views.policies, name="policies"),
    path("settings/hours/", views.hours, name="hours"),
    path("settings/closures/", views.closures, name="closures"),
    path("settings/closures/<uuid:pk>/remove/", views.remove_closure, name="closure-remove"),
    path("settings/outside/", views.outside, name="outside"),
    path("settings/lengths/", views.lengths, name="lengths"),
    path("settings/team/", views.team, name="team"),
    path("settings/team/<uuid:pk>/", views.person, name="person"),
    path("settings/team/<uuid:pk>/days/<uuid:day>/remove/", views.remove_day, name="day-remove"),
    path("settings/team/<uuid:pk>/blocks/<uuid:block>/remove/", views.remove_block, name="block-remove"),
]

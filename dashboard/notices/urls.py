"""Below `/dashboard/notices/`, and what the salon says of them below `/dashboard/settings/`."""

from django.urls import path

from dashboard.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.mark_all, name="notices-read"),
    path("notices/settings/", views.own_settings, name="notice-settings"),
    path("notices/<uuid:pk>/open/", views.open_notice, name="notice-open"),
    path("notices/<uuid:pk>/mark/", views.mark, name="notice-mark"),
    path("settings/notices/", views.salon_settings, name="notice-defaults"),
]

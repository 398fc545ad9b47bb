"""Below `/dashboard/trail/`."""

from django.urls import path

from dashboard.trail import views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/csv/", views.as_csv, name="trail-csv"),
    path("trail/<uuid:pk>/", views.entry, name="trail-entry"),
]

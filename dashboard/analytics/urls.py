"""How the salon does, under `/dashboard/analytics/`."""

from django.urls import path

from dashboard.analytics import views

urlpatterns = [
    path("", views.overview, name="analytics"),
    path("<slug:key>.csv", views.sheet, name="analytics-sheet"),
]

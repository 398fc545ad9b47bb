"""The waiting list's API, on a salon's host."""

from django.urls import path

from waitlist.api import views

app_name = "waitlist-api"
urlpatterns = [
    path("booking/waitlist", views.join, name="join"),
    path("api/v1/waitlist", views.Wishes.as_view(), name="wishes"),
    path("api/v1/waitlist/offer", views.offer, name="offer"),
    path("api/v1/waitlist/<uuid:pk>", views.remove, name="wish"),
]

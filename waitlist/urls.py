"""The waiting list for customers, on a salon's host."""

from django.urls import path

from waitlist import views

app_name = "waitlist"
urlpatterns = [
    path("book/<uuid:service>/waitlist/", views.join, name="join"),
    path("waitlist/<str:token>/", views.wish, name="wish"),
    path("waitlist/<str:token>/leave/", views.leave, name="leave"),
    path("waitlist/offers/<str:token>/", views.offer, name="offer"),
    path("waitlist/offers/<str:token>/accept/", views.accept, name="accept"),
    path("waitlist/offers/<str:token>/decline/", views.decline, name="decline"),
]

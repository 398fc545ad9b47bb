"""Reviews for everybody, and the page of whoever was there, on a salon's host."""

from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<str:token>/", views.review, name="review"),
    path("reviews/<str:token>/take-back/", views.take_back, name="take-back"),
]

"""Reviews' API, on a salon's host."""

from django.urls import path

from reviews.api import views

app_name = "reviews-api"
urlpatterns = [path("api/v1/reviews", views.Reviews.as_view(), name="reviews")]

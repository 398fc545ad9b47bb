"""Reviews' API, on a salon's host."""

from django.urls import path

from reviews.api import views

app_name = "reviews-api"
urlpatterns = [
    path("booking/reviews", views.PublishedReviews.as_view(), name="published"),
    path("api/v1/reviews", views.Reviews.as_view(), name="reviews"),
    path("api/v1/reviews/<uuid:pk>/publish", views.publish, name="publish"),
    path("api/v1/reviews/<uuid:pk>/hide", views.hide, name="hide"),
    path("api/v1/reviews/<uuid:pk>/answer", views.answer, name="answer"),
]

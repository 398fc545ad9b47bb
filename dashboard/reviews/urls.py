"""Below `/dashboard/reviews/`."""

from django.urls import path

from dashboard.reviews import views

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/settings/", views.settings, name="review-settings"),
    path("reviews/<uuid:pk>/", views.review, name="review"),
    path("reviews/<uuid:pk>/publish/", views.publish, name="review-publish"),
    path("reviews/<uuid:pk>/hide/", views.hide, name="review-hide"),
    path("reviews/<uuid:pk>/answer/", views.answer, name="review-answer"),
]

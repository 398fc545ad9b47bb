"""Views to compare with; served by the bench's processes only."""

from django.urls import path

from config.bench import views

urlpatterns = [path("one-query", views.one_query), path("insert", views.insert)]

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self):
        from reviews import receivers  # noqa: F401 -- connects to the diary's signals

from django.apps import AppConfig


class GiftCardsConfig(AppConfig):
    name = "giftcards"
    verbose_name = "gift cards"

    def ready(self):
        from giftcards import receivers  # noqa: F401 -- connects to bookings' signals

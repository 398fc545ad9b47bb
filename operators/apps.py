from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "operators"

    def ready(self):
        from onboarding.manage import cards
        from operators import metrics, receivers  # noqa: F401 -- connects to the dashboard's and Celery's signals
        from operators.cards import support_card

        cards.register(support_card)
        metrics.register()

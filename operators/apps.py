from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "operators"

    def ready(self):
        from onboarding.manage import cards
        from operators import receivers  # noqa: F401 -- connects to the dashboard's signal
        from operators.cards import support_card

        cards.register(support_card)

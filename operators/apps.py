from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "operators"

    def ready(self):
        from onboarding.manage import cards
        from operators.cards import support_card

        cards.register(support_card)

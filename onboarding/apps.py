from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"

    def ready(self):
        from onboarding import receivers  # noqa: F401 -- connects to the accounts' signal

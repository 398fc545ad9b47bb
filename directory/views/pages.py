"""What Tithi is, what it costs, and by which rules."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.services import mail as account_mail
from directory import legal as law
from directory import shown
from onboarding.leaving import queries as leaving
from tenants import industries
from tenants.models import Business, BusinessStatus
from tenants.money import Money
from tenants.slugs import BLOCKED_FOR

DEMO_SALONS = ("luna", "sol")


@login_not_required
@require_safe
def home(request):
    """What Tithi is and costs; on a developer's machine also the way to the demo salons."""
    demos = Business.objects.filter(slug__in=DEMO_SALONS, status=BusinessStatus.ACTIVE).order_by("slug")
    kinds = [kind for kind in industries.ALL if kind.key != industries.OTHER]
    context = prices() | {
        "demos": demos if settings.LOCAL else [],
        "kinds": kinds,
        "begin_url": shown.begin_url(request.user),
    }
    return render(request, "directory/home.html", context)


@login_not_required
@require_safe
def pricing(request):
    return render(request, "directory/pricing.html", prices() | {"begin_url": shown.begin_url(request.user)})


@login_not_required
@require_safe
def legal(request, page):
    """One of the pages of law; it says of itself when it is a draft."""
    if page not in law.PAGES:
        raise Http404
    context = {
        "title": law.PAGES[page],
        "page": page,
        "pages": law.PAGES.items(),
        "operator": law.operator(),
        "kept_days": leaving.KEPT.days,
        "mail_days": account_mail.KEPT.days,
        "blocked_days": BLOCKED_FOR.days,
    }
    return render(request, f"directory/legal/{page.replace('-', '_')}.html", context | prices())


def prices():
    """What the platform takes, as it is configured."""
    percent = f"{settings.APPLICATION_FEE_BASIS_POINTS / 100:g}"
    return {
        "price": Money(settings.SUBSCRIPTION_PRICE_CENTS, "USD"),
        "fee_percent": percent,
        "trial_days": settings.SUBSCRIPTION_TRIAL.days,
        "grace_days": settings.SUBSCRIPTION_GRACE.days,
        "pause_days": settings.SUBSCRIPTION_LONGEST_PAUSE.days,
    }

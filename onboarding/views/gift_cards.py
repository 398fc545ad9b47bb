"""Step 10: gift cards."""

from giftcards import codes, links, shown
from giftcards.services import IssuedDifferently
from onboarding import services, steps
from onboarding.forms.gift_cards import GiftCardsForm
from onboarding.views.frame import step, tell
from tenants.errors import DomainError


@step("gift-cards")
def gift_cards(request, at):
    form = GiftCardsForm(request.POST or None, business=at.business)
    if request.method == "POST" and form.is_valid():
        try:
            cards = _save(at, form)
        except IssuedDifferently:
            form.renew()
            form.add_error(None, "This page has issued cards already. Press again to issue these as well.")
        except DomainError as exc:
            tell(form, exc)
        else:
            return _issued(at, cards) if cards else at.onward()
    return at.page("gift_cards", form=form, charges=at.business.billing.charges_enabled)


def _save(at, form):
    return services.save_gift_cards(
        progress=at.progress,
        selling=form.selling(),
        cards=form.cards(),
        key=form.cleaned_data["key"],
        by=at.by,
        now=at.now,
    )


def _issued(at, cards):
    """The codes. This page alone shows them; sent again, the form finds the same cards."""
    rows = [
        {
            "code": codes.shown(codes.code_of(card.pk)),
            "worth": shown.left(card),
            "good_until": shown.good_until(card),
            "url": links.card_url(business=at.business, card=card),
        }
        for card in cards
    ]
    on = at.step if at.is_live else steps.after(at.step.number)
    response = at.page("gift_cards_issued", form=None, rows=rows, on_url=at.address(on))
    response["Referrer-Policy"] = "no-referrer"
    return response

"""Gift cards: found by their code, issued, looked at with their ledger, corrected by buttons that ask first."""

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from audit.admin import SalonModelAdmin, actor_of
from bookings import words
from bookings.admin.asking import Asking
from bookings.admin.forms import PressForm
from giftcards import codes, links, services
from giftcards import shown as words_of
from giftcards.admin import shown
from giftcards.admin.forms import AdjustForm, IssueForm, ProlongForm, ReasonForm
from giftcards.models import GiftCard
from messaging.models import Message
from tenants.admin import Grants, moment, register
from tenants.errors import DomainError
from tenants.languages import plain_date
from tenants.permissions import Permission

AT_ONCE = 100


class StateFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state, text) for state, (text, _) in shown.STATES.items()]

    def queryset(self, request, cards):
        today = timezone.localdate(timezone=request.tenant.zone)
        return cards.filter(shown.in_state(self.value(), today)) if self.value() else cards


class MoneyFilter(SimpleListFilter):
    """What staff should look at: money that came back to a card nobody can spend."""

    title = "money"
    parameter_name = "money"

    def lookups(self, request, model_admin):
        return [("stuck", "On a card nobody can spend"), ("any", "Some left")]

    def queryset(self, request, cards):
        today = timezone.localdate(timezone=request.tenant.zone)
        match self.value():
            case "stuck":
                over = shown.in_state(shown.OFF, today) | shown.in_state(shown.EXPIRED, today)
                return cards.filter(over, balance_cents__gt=0)
            case "any":
                return cards.filter(balance_cents__gt=0)
        return cards


class WorthFilter(SimpleListFilter):
    title = "worth"
    parameter_name = "worth"

    def lookups(self, request, model_admin):
        return [("amount", "Amounts"), ("percent", "Percentages")]

    def queryset(self, request, cards):
        return cards.filter(discount_percent__isnull=self.value() == "amount") if self.value() else cards


@register(GiftCard)
class GiftCardAdmin(Asking, SalonModelAdmin):
    grants = Grants(view=Permission.VIEW_MONEY, add=Permission.MANAGE_GIFT_CARDS)
    list_display = ("name", "worth", "left", "state", "recipient", "until", "issued")
    list_filter = (StateFilter, WorthFilter, MoneyFilter)
    search_fields = ("code_tail", "recipient_name", "recipient_email", "buyer_name", "note")
    addresses = ("recipient_email",)
    search_help_text = "A code, its last four characters, a name or an e-mail address"
    ordering = ("-created_at", "pk")
    list_fullwidth = True
    fields = ()
    change_form_template = "admin/salon/gift_card.html"
    actions = ("show_codes",)
    actions_detail = ("open_page", "resend", "adjust", "prolong", "disable", "enable")
    issued = moment("created_at", "issued")

    # Reading -----------------------------------------------------------------------------------

    @display(description="card", ordering="code_tail")
    def name(self, card):
        return str(card)

    @display(description="worth", ordering="amount_cents")
    def worth(self, card):
        return words_of.worth(card)

    @display(description="left", ordering="balance_cents")
    def left(self, card):
        return words_of.left(card)

    @display(description="state", label={color: color for _, color in shown.STATES.values()})
    def state(self, card):
        text, color = shown.STATES[shown.state_of(card, timezone.localdate())]
        return color, text

    @display(description="for", ordering="recipient_name")
    def recipient(self, card):
        return card.recipient_name or card.recipient_email or "–"

    @display(description="good until", ordering="expiration_date")
    def until(self, card):
        return plain_date(card.expiration_date) if card.expiration_date else "–"

    def get_search_results(self, request, queryset, search_term):
        """A whole code finds its one card, however it is written."""
        if code := codes.normalised(search_term):
            return queryset.filter(code_digest=codes.digest(code)), False
        return super().get_search_results(request, queryset, search_term)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of one card; `add_view` has its own form."""
        card = self.card(request, object_id)
        context = {
            "title": str(card),
            "card": card,
            "badge": shown.STATES[shown.state_of(card, timezone.localdate())],
            "facts": shown.facts(card, with_code=self.has_work_diary_permission(request)),
            "giving": shown.giving(card, with_address=self.has_view_customers_permission(request)),
            "lines": shown.ledger(card),
            "mails": self.mails(request, card),
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def mails(self, request, card):
        """What was sent about it, for who may see to whom."""
        sent = Message.objects.filter(about_id=card.pk).defer("text", "html", "attachments")
        return list(sent) if self.has_view_customers_permission(request) else []

    def get_list_display(self, request):
        """Who sees no customers sees for whom a card is, and no address in place of a name."""
        columns = super().get_list_display(request)
        if self.has_view_customers_permission(request):
            return columns
        return ["recipient_name" if name == "recipient" else name for name in columns]

    def card(self, request, object_id):
        """The card of the request, loaded once; 404 where there is none."""
        card = self.get_object(request, object_id)
        if card is None:
            raise Http404
        return card

    def get_object(self, request, object_id, from_field=None):
        kept = getattr(request, "_salon_gift_card", None)
        if kept is None or str(kept.pk) != str(object_id):
            kept = request._salon_gift_card = super().get_object(request, object_id, from_field)
        return kept

    # Issuing -----------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = IssueForm(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            try:
                cards = self.issued_by(request, form)
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                return self.say_issued(request, cards)
        return self.ask(request, title="Issue gift cards", form=form, button="Issue")

    def issued_by(self, request, form):
        return services.issue_many(
            card_ids=form.card_ids(),
            **form.card(),
            currency_code=request.tenant.currency_code,
            by=actor_of(request),
            now=timezone.now(),
        )

    def say_issued(self, request, cards):
        if len(cards) == 1:
            self.message_user(request, f"{words_of.worth(cards[0])} issued.", messages.SUCCESS)
            return redirect(self.back_url(cards[0]))
        text = f"{words.count(len(cards), 'card', 'cards')} issued, {words_of.worth(cards[0])} each."
        self.message_user(request, text, messages.SUCCESS)
        return self.codes_page(request, cards)

    @action(description="Show and print the codes", permissions=["work_diary"])
    def show_codes(self, request, queryset):
        """The chosen cards with their codes, on one page to print."""
        return self.codes_page(request, list(queryset.order_by("-created_at", "pk")[:AT_ONCE]))

    def codes_page(self, request, cards):
        context = {
            **self.admin_site.each_context(request),
            "title": "Codes",
            "opts": self.opts,
            "rows": [
                {
                    "card": card,
                    "code": codes.shown(codes.code_of(card.pk)),
                    "worth": words_of.worth(card),
                    "good_until": words_of.good_until(card),
                    "url": links.card_url(business=request.tenant, card=card),
                }
                for card in cards
            ],
            "back_url": self.back_url(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/gift_codes.html", context)

    # Buttons -----------------------------------------------------------------------------------

    def get_actions_detail(self, request, object_id):
        card = self.card(request, object_id)
        possible = {
            "resend": card.is_active and bool(card.recipient_email),
            "adjust": not card.is_percentage,
            "disable": card.is_active,
            "enable": not card.is_active,
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if possible.get(each.action_name.removeprefix(prefix), True)
        ]

    def press(self, request, card, act, *, form, title, button, lines=(), **page):
        """One button: GET asks, POST acts through a service and goes back to the card with its answer."""
        if request.method == "POST" and form.is_valid():
            try:
                self.message_user(request, act(), messages.SUCCESS)
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                return redirect(self.back_url(card))
        return self.ask(request, title=title, form=form, button=button, lines=lines, original=card, **page)

    @action(description="See and print", permissions=["work_diary"], url_path="page", icon="print")
    def open_page(self, request, object_id):
        """The card's own page, as its recipient sees it."""
        return redirect(links.card_url(business=request.tenant, card=self.card(request, object_id)))

    @action(description="Mail again", permissions=["work_diary"], icon="mail")
    def resend(self, request, object_id):
        card = self.card(request, object_id)
        form = PressForm(request.POST or None, business=request.tenant)

        def act():
            how = {"key": form.press_key, "by": actor_of(request), "now": timezone.now()}
            services.resend(card=card, business=request.tenant, **how)
            return f"The card is on its way to {card.recipient_email}."

        return self.press(
            request,
            card,
            act,
            form=form,
            title="Mail the card again",
            button="Mail it",
            lines=[f"The card is mailed to {card.recipient_email} now."],
        )

    @action(description="Correct the balance", permissions=["manage_gift_cards"], icon="edit")
    def adjust(self, request, object_id):
        card = self.card(request, object_id)
        form = AdjustForm(request.POST or None, business=request.tenant, card=card)

        def act():
            how = {"reason": form.cleaned_data["reason"], "action_id": form.cleaned_data["key"]}
            after = services.adjust(card=card, cents=form.cents, by=actor_of(request), now=timezone.now(), **how)
            return f"The card holds {after.balance} now."

        return self.press(
            request,
            card,
            act,
            form=form,
            title="Correct the balance",
            button="Correct",
            lines=[f"The card holds {card.balance}. Who corrected it, and why, stays in its ledger."],
        )

    @action(description="Change its last day", permissions=["manage_gift_cards"], icon="event")
    def prolong(self, request, object_id):
        card = self.card(request, object_id)
        form = ProlongForm(
            request.POST or None, business=request.tenant, initial={"expiration_date": card.expiration_date}
        )

        def act():
            day = form.cleaned_data["expiration_date"]
            services.prolong(card=card, expiration_date=day, by=actor_of(request), now=timezone.now())
            return f"Good until {plain_date(day)}." if day else "Good without end."

        return self.press(request, card, act, form=form, title="Change its last day", button="Save")

    @action(description="Switch off", permissions=["manage_gift_cards"], icon="block", variant=ActionVariant.DANGER)
    def disable(self, request, object_id):
        card = self.card(request, object_id)
        form = ReasonForm(request.POST or None, business=request.tenant)

        def act():
            reason = form.cleaned_data["reason"]
            services.disable(card=card, reason=reason, by=actor_of(request), now=timezone.now())
            return "The card is switched off."

        rest = "" if card.is_percentage else f" The {card.balance} left are taken out of it."
        return self.press(
            request,
            card,
            act,
            form=form,
            title="Switch the card off",
            button="Switch it off",
            danger=True,
            lines=[f"Nobody can pay with it any more.{rest} What visits have put aside stays theirs."],
        )

    @action(description="Switch on", permissions=["manage_gift_cards"], icon="check_circle")
    def enable(self, request, object_id):
        card = self.card(request, object_id)
        form = ReasonForm(request.POST or None, business=request.tenant)

        def act():
            reason = form.cleaned_data["reason"]
            services.enable(card=card, reason=reason, by=actor_of(request), now=timezone.now())
            return "The card is switched on."

        return self.press(
            request,
            card,
            act,
            form=form,
            title="Switch the card on",
            button="Switch it on",
            lines=["It can be used again. Money that was taken out of it is put back with “Correct the balance”."],
        )

"""The words the product suggests in German."""

from messaging.defaults.letters import letter


def _letter(*paragraphs, to="{{customer_name}}"):
    return letter(f"Guten Tag {to},", *paragraphs)


#: trigger → (subject, body) of the e-mail
EMAILS = {
    "booking_created": (
        "Ihre Anfrage für {{booking_date}}",
        _letter(
            "vielen Dank für Ihre Anfrage: {{service_name}} mit {{staff_name}}, {{booking_date}}, {{booking_time}} "
            "Uhr. Wir halten Ihnen die Zeit frei und bestätigen sie in Kürze.",
        ),
    ),
    "booking_confirmed": (
        "Bestätigt: {{booking_date}}, {{booking_time}} Uhr bei {{business_name}}",
        _letter(
            "Ihr Termin steht: {{service_name}} mit {{staff_name}}, {{booking_date}}, {{booking_time}} Uhr. Wir "
            "freuen uns auf Sie.",
            "Kommt etwas dazwischen, können Sie den Termin hier verschieben oder absagen: {{manage_link}}",
        ),
    ),
    "booking_rescheduled": (
        "Verschoben auf {{booking_date}}, {{booking_time}} Uhr bei {{business_name}}",
        _letter(
            "Ihr Termin wurde verschoben. Wir erwarten Sie nun am {{booking_date}} um {{booking_time}} Uhr: "
            "{{service_name}} mit {{staff_name}}.",
            "Passt Ihnen die neue Zeit nicht? Hier können Sie eine andere wählen: {{manage_link}}",
        ),
    ),
    "booking_cancelled": (
        "Abgesagt: {{booking_date}}, {{booking_time}} Uhr bei {{business_name}}",
        _letter(
            "Ihr Termin am {{booking_date}} um {{booking_time}} Uhr ist abgesagt. Wir hoffen, Sie ein anderes Mal "
            "zu sehen: {{booking_link}}",
        ),
    ),
    "reminder": (
        "Bis {{booking_date}}, {{booking_time}} Uhr",
        _letter(
            "wir freuen uns auf Sie am {{booking_date}} um {{booking_time}} Uhr: {{service_name}} mit {{staff_name}}.",
            "{{cancellation_policy}} Zum Verschieben oder Absagen: {{manage_link}}",
        ),
    ),
    "completed": (
        "Ihr Beleg von {{business_name}}",
        _letter(
            "vielen Dank für Ihren Besuch. Für {{service_name}} am {{booking_date}} wurden {{amount}} berechnet; den "
            "Beleg finden Sie unten.",
            "Wir freuen uns, wenn Sie wiederkommen: {{booking_link}}",
        ),
    ),
    "no_show": (
        "Wir haben Sie am {{booking_date}} vermisst",
        _letter(
            "wir haben Sie am {{booking_date}} um {{booking_time}} Uhr zu {{service_name}} erwartet und bedauern, "
            "dass Sie nicht kommen konnten. Nach den Bedingungen, denen Sie zugestimmt haben, wurden {{amount}} "
            "berechnet; den Beleg finden Sie unten.",
            "Gern können Sie einen neuen Termin buchen: {{booking_link}}",
        ),
    ),
    "refunded": (
        "Ihre Erstattung von {{business_name}}",
        _letter(
            "{{amount}} für Ihren Termin am {{booking_date}} sind auf dem Weg zurück zu Ihnen. Bis die Bank den Betrag "
            "zeigt, können zehn Tage vergehen.",
        ),
    ),
    "follow_up": (
        "Wie war Ihr Besuch bei {{business_name}}?",
        _letter(
            "wir hoffen, dass Sie mit {{service_name}} zufrieden sind. Ist etwas nicht, wie Sie es sich wünschen, "
            "antworten Sie bitte auf diese E-Mail.",
            "Mögen Sie anderen sagen, wie es war? Es dauert eine Minute: {{review_link}}",
            "Zum nächsten Termin sind es nur wenige Klicks: {{booking_link}}",
        ),
    ),
    "gift_card": (
        "Ein Geschenk für Sie: {{gift_card_value}} bei {{business_name}}",
        _letter(
            "{{giver_name}} schenkt Ihnen etwas: {{gift_card_value}} bei {{business_name}}.",
            "Der Code Ihres Gutscheins ist {{gift_card_code}}. Ansehen und drucken: {{gift_card_link}}",
            to="{{recipient_name}}",
        ),
    ),
    "card_needs_attention": (
        "{{business_name}}: Ihre Karte braucht Sie",
        _letter(
            "{{amount}} für Ihren Termin am {{booking_date}} konnten nicht von Ihrer Karte abgebucht werden. Bitte "
            "bestätigen Sie die Zahlung bei Ihrer Bank oder nehmen Sie eine andere Karte: {{pay_link}}",
            "Bei Fragen antworten Sie bitte auf diese E-Mail.",
        ),
    ),
    "waitlist_offer": (
        "Eine Zeit für Sie am {{booking_date}} bei {{business_name}}",
        _letter(
            "eine Zeit, auf die Sie gewartet haben, ist frei: {{service_name}} mit {{staff_name}}, {{booking_date}}, "
            "{{booking_time}} Uhr.",
            "Wir halten sie Ihnen frei bis {{offer_until}}. Hier nehmen Sie sie: {{offer_link}}",
        ),
    ),
    "team_invitation": (
        "{{inviter_name}} lädt Sie zu {{business_name}} ein",
        letter(
            "Guten Tag,",
            "{{inviter_name}} lädt Sie in das Team von {{business_name}} ein, als {{role_name}}.",
            "Hier nehmen Sie an: {{invitation_link}}",
        ),
    ),
    "subscription": (
        "{{subscription_name}} bei {{business_name}}",
        _letter(
            "es geht um {{subscription_name}} bei uns: {{amount}}, das nächste Mal am {{renewal_date}}.",
            "Hier können Sie es ansehen und beenden: {{subscription_link}}",
        ),
    ),
}
#: trigger → the text message
TEXTS = {
    "booking_created": "{{business_name}}: Ihre Anfrage für {{booking_date}}, {{booking_time}} ist da, wir bestätigen "
    "sie in Kürze. {{manage_link}}",
    "booking_confirmed": "{{business_name}}: Ihr Termin steht: {{booking_date}}, {{booking_time}}. Verschieben oder "
    "absagen: {{manage_link}}",
    "booking_rescheduled": "{{business_name}}: Ihr Termin ist jetzt {{booking_date}}, {{booking_time}}. Ändern: "
    "{{manage_link}}",
    "booking_cancelled": "{{business_name}}: Ihr Termin am {{booking_date}}, {{booking_time}} ist abgesagt. Neu buchen: "
    "{{booking_link}}",
    "reminder": "{{business_name}}: bis {{booking_date}}, {{booking_time}}. Verschieben oder absagen: {{manage_link}}",
    "completed": "{{business_name}}: danke für Ihren Besuch. {{amount}} wurden berechnet. Wieder buchen: "
    "{{booking_link}}",
    "no_show": "{{business_name}}: wir haben Sie am {{booking_date}}, {{booking_time}} vermisst. Nach den Bedingungen, "
    "denen Sie zugestimmt haben, wurden {{amount}} berechnet. {{manage_link}}",
    "refunded": "{{business_name}}: {{amount}} sind auf dem Weg zurück zu Ihnen. Das kann zehn Tage dauern.",
    "follow_up": "{{business_name}}: wir hoffen, dass Sie mit {{service_name}} zufrieden sind. Wieder buchen: "
    "{{booking_link}}",
    "gift_card": "Ein Geschenk von {{giver_name}}: {{gift_card_value}} bei {{business_name}}. Ihr Gutschein: "
    "{{gift_card_link}}",
    "card_needs_attention": "{{business_name}}: {{amount}} konnten nicht von Ihrer Karte abgebucht werden. Bitte hier "
    "begleichen: {{pay_link}}",
    "waitlist_offer": "{{business_name}}: {{booking_date}}, {{booking_time}} ist frei und bis {{offer_until}} für Sie "
    "gehalten: {{offer_link}}",
    "team_invitation": "{{inviter_name}} lädt Sie in das Team von {{business_name}} ein: {{invitation_link}}",
    "subscription": "{{business_name}}: {{subscription_name}}, {{amount}}, das nächste Mal am {{renewal_date}}. "
    "{{subscription_link}}",
}

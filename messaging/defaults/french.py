"""The words the product suggests in French."""

from messaging.defaults.letters import letter


def _letter(*paragraphs, to="{{customer_name}}"):
    return letter(f"Bonjour {to},", *paragraphs)


#: trigger → (subject, body) of the e-mail
EMAILS = {
    "booking_created": (
        "Votre demande pour le {{booking_date}}",
        _letter(
            "Merci pour votre demande : {{service_name}} avec {{staff_name}}, le {{booking_date}} à {{booking_time}}. "
            "Cette heure vous est réservée ; nous la confirmerons bientôt.",
        ),
    ),
    "booking_confirmed": (
        "Confirmé : {{booking_date}}, {{booking_time}} chez {{business_name}}",
        _letter(
            "Votre rendez-vous est pris : {{service_name}} avec {{staff_name}}, le {{booking_date}} à "
            "{{booking_time}}. Nous serons heureux de vous accueillir.",
            "En cas d’imprévu, vous pouvez déplacer ou annuler votre rendez-vous ici : {{manage_link}}",
        ),
    ),
    "booking_rescheduled": (
        "Déplacé au {{booking_date}}, {{booking_time}} chez {{business_name}}",
        _letter(
            "Votre rendez-vous a été déplacé. Nous vous attendons le {{booking_date}} à {{booking_time}} pour "
            "{{service_name}} avec {{staff_name}}.",
            "L’heure ne vous convient pas ? Choisissez-en une autre ici : {{manage_link}}",
        ),
    ),
    "booking_cancelled": (
        "Annulé : {{booking_date}}, {{booking_time}} chez {{business_name}}",
        _letter(
            "Votre rendez-vous du {{booking_date}} à {{booking_time}} est annulé. Nous espérons vous voir une autre "
            "fois : {{booking_link}}",
        ),
    ),
    "reminder": (
        "À bientôt : {{booking_date}}, {{booking_time}}",
        _letter(
            "Nous vous attendons le {{booking_date}} à {{booking_time}} pour {{service_name}} avec {{staff_name}}.",
            "{{cancellation_policy}} Pour déplacer ou annuler votre rendez-vous : {{manage_link}}",
        ),
    ),
    "completed": (
        "Votre reçu de {{business_name}}",
        _letter(
            "Merci de votre visite. {{amount}} ont été débités pour {{service_name}} le {{booking_date}} ; le reçu se "
            "trouve ci-dessous.",
            "Nous serons heureux de vous revoir : {{booking_link}}",
        ),
    ),
    "no_show": (
        "Vous nous avez manqué le {{booking_date}}",
        _letter(
            "Nous vous attendions le {{booking_date}} à {{booking_time}} pour {{service_name}} et regrettons que vous "
            "n’ayez pas pu venir. Selon les conditions que vous avez acceptées, {{amount}} ont été débités ; le reçu "
            "se trouve ci-dessous.",
            "Vous pouvez reprendre rendez-vous quand vous voulez : {{booking_link}}",
        ),
    ),
    "refunded": (
        "Votre remboursement de {{business_name}}",
        _letter(
            "{{amount}} pour votre rendez-vous du {{booking_date}} vous sont remboursés. Les banques mettent jusqu’à "
            "dix jours pour l’afficher.",
        ),
    ),
    "follow_up": (
        "Comment s’est passée votre visite chez {{business_name}} ?",
        _letter(
            "Nous espérons que vous êtes satisfait de votre rendez-vous : {{service_name}}. Si quelque chose ne va "
            "pas, répondez simplement à ce message.",
            "Voulez-vous dire aux autres comment c’était ? Une minute suffit : {{review_link}}",
            "Votre prochain rendez-vous est à quelques clics : {{booking_link}}",
        ),
    ),
    "gift_card": (
        "Un cadeau pour vous : {{gift_card_value}} chez {{business_name}}",
        _letter(
            "Un cadeau de {{giver_name}} vous attend : {{gift_card_value}} chez {{business_name}}.",
            "Le code de votre carte est {{gift_card_code}}. Pour la voir et l’imprimer : {{gift_card_link}}",
            to="{{recipient_name}}",
        ),
    ),
    "card_needs_attention": (
        "{{business_name}} : votre carte a besoin de vous",
        _letter(
            "{{amount}} pour votre rendez-vous du {{booking_date}} n’ont pas pu être débités. Confirmez le paiement "
            "auprès de votre banque, ou utilisez une autre carte : {{pay_link}}",
            "Une question ? Répondez à ce message.",
        ),
    ),
    "waitlist_offer": (
        "Une heure pour vous le {{booking_date}} chez {{business_name}}",
        _letter(
            "Une heure que vous attendiez s’est libérée : {{service_name}} avec {{staff_name}}, le {{booking_date}} à "
            "{{booking_time}}.",
            "Elle vous est réservée jusqu’à {{offer_until}}. Prenez-la ici : {{offer_link}}",
        ),
    ),
    "team_invitation": (
        "{{inviter_name}} vous invite à rejoindre {{business_name}}",
        letter(
            "Bonjour,",
            "{{inviter_name}} vous invite à rejoindre l’équipe de {{business_name}}, avec le rôle : {{role_name}}.",
            "Acceptez ici : {{invitation_link}}",
        ),
    ),
    "subscription": (
        "{{subscription_name}} chez {{business_name}}",
        _letter(
            "Il s’agit de votre abonnement {{subscription_name}} : {{amount}}, prochaine échéance le {{renewal_date}}.",
            "Vous pouvez le voir et y mettre fin ici : {{subscription_link}}",
        ),
    ),
}
#: trigger → the text message
TEXTS = {
    "booking_created": "{{business_name}} : votre demande pour le {{booking_date}}, {{booking_time}} est bien reçue, "
    "nous la confirmerons bientôt. {{manage_link}}",
    "booking_confirmed": "{{business_name}} : rendez-vous pris, {{booking_date}}, {{booking_time}}. Déplacer ou "
    "annuler : {{manage_link}}",
    "booking_rescheduled": "{{business_name}} : votre rendez-vous est maintenant le {{booking_date}}, "
    "{{booking_time}}. Le changer : {{manage_link}}",
    "booking_cancelled": "{{business_name}} : votre rendez-vous du {{booking_date}}, {{booking_time}} est annulé. "
    "Reprendre rendez-vous : {{booking_link}}",
    "reminder": "{{business_name}} : à bientôt, {{booking_date}}, {{booking_time}}. Déplacer ou annuler : "
    "{{manage_link}}",
    "completed": "{{business_name}} : merci de votre visite. {{amount}} ont été débités. Reprendre rendez-vous : "
    "{{booking_link}}",
    "no_show": "{{business_name}} : nous vous attendions le {{booking_date}}, {{booking_time}}. Selon les conditions "
    "acceptées, {{amount}} ont été débités. {{manage_link}}",
    "refunded": "{{business_name}} : {{amount}} vous sont remboursés. Cela peut prendre dix jours.",
    "follow_up": "{{business_name}} : nous espérons que votre rendez-vous vous a plu ({{service_name}}). Reprendre "
    "rendez-vous : {{booking_link}}",
    "gift_card": "Un cadeau de {{giver_name}} : {{gift_card_value}} chez {{business_name}}. Votre carte : "
    "{{gift_card_link}}",
    "card_needs_attention": "{{business_name}} : {{amount}} n’ont pas pu être débités de votre carte. Merci de régler "
    "ici : {{pay_link}}",
    "waitlist_offer": "{{business_name}} : {{booking_date}}, {{booking_time}} est libre, gardé pour vous jusqu’à "
    "{{offer_until}} : {{offer_link}}",
    "team_invitation": "{{inviter_name}} vous invite à rejoindre l’équipe de {{business_name}} : {{invitation_link}}",
    "subscription": "{{business_name}} : {{subscription_name}}, {{amount}}, prochaine échéance le {{renewal_date}}. "
    "{{subscription_link}}",
}

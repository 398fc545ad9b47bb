"""The words the product suggests in Spanish."""

from messaging.defaults.letters import letter


def _letter(*paragraphs, to="{{customer_name}}"):
    return letter(f"Hola, {to}:", *paragraphs)


#: trigger → (subject, body) of the e-mail
EMAILS = {
    "booking_created": (
        "Tu solicitud para el {{booking_date}}",
        _letter(
            "Gracias por tu solicitud: {{service_name}} con {{staff_name}}, el {{booking_date}} a las "
            "{{booking_time}}. Te guardamos la hora y la confirmaremos en breve.",
        ),
    ),
    "booking_confirmed": (
        "Confirmado: {{booking_date}}, {{booking_time}} en {{business_name}}",
        _letter(
            "Tu cita está reservada: {{service_name}} con {{staff_name}}, el {{booking_date}} a las "
            "{{booking_time}}. Te esperamos.",
            "Si surge algo, puedes cambiar o cancelar la cita aquí: {{manage_link}}",
        ),
    ),
    "booking_rescheduled": (
        "Cambiada al {{booking_date}}, {{booking_time}} en {{business_name}}",
        _letter(
            "Tu cita ha cambiado. Te esperamos el {{booking_date}} a las {{booking_time}} para {{service_name}} con "
            "{{staff_name}}.",
            "¿No te viene bien la nueva hora? Elige otra aquí: {{manage_link}}",
        ),
    ),
    "booking_cancelled": (
        "Cancelada: {{booking_date}}, {{booking_time}} en {{business_name}}",
        _letter(
            "Tu cita del {{booking_date}} a las {{booking_time}} está cancelada. Esperamos verte en otra ocasión: "
            "{{booking_link}}",
        ),
    ),
    "reminder": (
        "Te esperamos: {{booking_date}}, {{booking_time}}",
        _letter(
            "Te esperamos el {{booking_date}} a las {{booking_time}} para {{service_name}} con {{staff_name}}.",
            "{{cancellation_policy}} Para cambiar o cancelar la cita: {{manage_link}}",
        ),
    ),
    "completed": (
        "Tu recibo de {{business_name}}",
        _letter(
            "Gracias por tu visita. Se han cobrado {{amount}} por {{service_name}} el {{booking_date}}; el recibo está "
            "abajo.",
            "Nos encantará volver a verte: {{booking_link}}",
        ),
    ),
    "no_show": (
        "Te echamos de menos el {{booking_date}}",
        _letter(
            "Te esperábamos el {{booking_date}} a las {{booking_time}} para {{service_name}} y sentimos que no "
            "pudieras venir. Según las condiciones que aceptaste, se han cobrado {{amount}}; el recibo está abajo.",
            "Puedes reservar otra cita cuando quieras: {{booking_link}}",
        ),
    ),
    "refunded": (
        "Tu reembolso de {{business_name}}",
        _letter(
            "Te devolvemos {{amount}} por tu cita del {{booking_date}}. Los bancos tardan hasta diez días en mostrarlo.",
        ),
    ),
    "follow_up": (
        "¿Qué tal tu visita a {{business_name}}?",
        _letter(
            "Esperamos que haya sido de tu agrado: {{service_name}}. Si algo no está como deseas, responde a este "
            "mensaje.",
            "¿Quieres contar a otras personas cómo fue? Solo lleva un minuto: {{review_link}}",
            "Tu próxima cita está a pocos clics: {{booking_link}}",
        ),
    ),
    "gift_card": (
        "Un regalo para ti: {{gift_card_value}} en {{business_name}}",
        _letter(
            "Tienes un regalo de {{giver_name}}: {{gift_card_value}} en {{business_name}}.",
            "El código de tu tarjeta es {{gift_card_code}}. Para verla e imprimirla: {{gift_card_link}}",
            to="{{recipient_name}}",
        ),
    ),
    "card_needs_attention": (
        "{{business_name}}: tu tarjeta necesita tu atención",
        _letter(
            "No se han podido cobrar {{amount}} por tu cita del {{booking_date}}. Confirma el pago con tu banco o usa "
            "otra tarjeta: {{pay_link}}",
            "Si tienes alguna pregunta, responde a este mensaje.",
        ),
    ),
    "waitlist_offer": (
        "Una hora para ti el {{booking_date}} en {{business_name}}",
        _letter(
            "Se ha liberado una hora que esperabas: {{service_name}} con {{staff_name}}, el {{booking_date}} a las "
            "{{booking_time}}.",
            "Te la guardamos hasta {{offer_until}}. Resérvala aquí: {{offer_link}}",
        ),
    ),
    "team_invitation": (
        "{{inviter_name}} te invita a unirte a {{business_name}}",
        letter(
            "Hola:",
            "{{inviter_name}} te invita a unirte al equipo de {{business_name}}, con el papel de {{role_name}}.",
            "Acepta aquí: {{invitation_link}}",
        ),
    ),
    "subscription": (
        "{{subscription_name}} en {{business_name}}",
        _letter(
            "Se trata de tu suscripción {{subscription_name}}: {{amount}}, la próxima vez el {{renewal_date}}.",
            "Puedes verla y terminarla aquí: {{subscription_link}}",
        ),
    ),
}
#: trigger → the text message
TEXTS = {
    "booking_created": "{{business_name}}: hemos recibido tu solicitud para el {{booking_date}}, {{booking_time}} y la "
    "confirmaremos en breve. {{manage_link}}",
    "booking_confirmed": "{{business_name}}: tu cita está reservada, {{booking_date}}, {{booking_time}}. Cambiar o "
    "cancelar: {{manage_link}}",
    "booking_rescheduled": "{{business_name}}: tu cita es ahora el {{booking_date}}, {{booking_time}}. Cambiarla: "
    "{{manage_link}}",
    "booking_cancelled": "{{business_name}}: tu cita del {{booking_date}}, {{booking_time}} está cancelada. Reservar "
    "de nuevo: {{booking_link}}",
    "reminder": "{{business_name}}: te esperamos, {{booking_date}}, {{booking_time}}. Cambiar o cancelar: "
    "{{manage_link}}",
    "completed": "{{business_name}}: gracias por tu visita. Se han cobrado {{amount}}. Reservar de nuevo: "
    "{{booking_link}}",
    "no_show": "{{business_name}}: te esperábamos el {{booking_date}}, {{booking_time}}. Según las condiciones que "
    "aceptaste, se han cobrado {{amount}}. {{manage_link}}",
    "refunded": "{{business_name}}: te devolvemos {{amount}}. Puede tardar hasta diez días.",
    "follow_up": "{{business_name}}: esperamos que te haya gustado tu cita ({{service_name}}). Reservar de nuevo: "
    "{{booking_link}}",
    "gift_card": "Un regalo de {{giver_name}}: {{gift_card_value}} en {{business_name}}. Tu tarjeta: "
    "{{gift_card_link}}",
    "card_needs_attention": "{{business_name}}: no se han podido cobrar {{amount}} en tu tarjeta. Págalo aquí: "
    "{{pay_link}}",
    "waitlist_offer": "{{business_name}}: {{booking_date}}, {{booking_time}} está libre y guardado para ti hasta "
    "{{offer_until}}: {{offer_link}}",
    "team_invitation": "{{inviter_name}} te invita a unirte al equipo de {{business_name}}: {{invitation_link}}",
    "subscription": "{{business_name}}: {{subscription_name}}, {{amount}}, la próxima vez el {{renewal_date}}. "
    "{{subscription_link}}",
}

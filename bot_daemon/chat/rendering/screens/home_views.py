"""The views outside a draft: the language, home, help, my orders."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering.messages.replies import help_text
from bot_daemon.chat.rendering.screens import staff_views
from bot_daemon.chat.rendering.screens.stage import Stage, home_button
from bot_daemon.chat.rendering.text import escape
from common.database.models import Order
from common.events import queue
from common.i18n import gettext as _
from common.i18n import ngettext
from common.languages import NAMES, TABLE


def languages(stage: Stage) -> Content:
    return Content(language_question(), language_buttons())


def language_question() -> str:
    return "\n".join(("🌐", *(language.question for language in TABLE)))


def language_buttons() -> list[list[Button]]:
    return [[buttons.LANGUAGE.button(name, language=code)] for code, name in NAMES.items()]


def home(stage: Stage) -> Content:
    waiting, sent = len(stage.draft.lines), stage.number("sent")
    if sent:
        text = _sent_text(stage, sent)
    elif waiting:
        text = "📝 " + ngettext(
            "Your list of %(count)s line is not sent yet.", "Your list of %(count)s lines is not sent yet.", waiting
        ) % {"count": waiting}
    else:
        text = "🔧 " + _("%(name)s, what does the car need?") % {"name": escape(stage.person.name)}
    return Content(text, [*staff_views.home_rows(stage), *_home_buttons(), *_draft_buttons(stage)])


def _sent_text(stage: Stage, number: int) -> str:
    text = "✅ " + _("<b>Order %(number)s is sent.</b> Its card shows how it stands.") % {"number": number}
    order = stage.session.get(Order, number)
    place = queue.place_of(stage.session, order) if order is not None else None
    return f"{text}\n🔢 " + _("Place in the queue: %(place)s") % {"place": place} if place else text


def _draft_buttons(stage: Stage) -> list[list[Button]]:
    if not stage.draft.lines:
        return [[buttons.NEW_ORDER.button("➕ " + _("New order"))]]
    return [
        [stage.button(buttons.DROP, "🗑 " + _("Discard the list"))],
        [buttons.NEW_ORDER.button("▶️ " + _("Continue the list"))],
    ]


def _home_buttons() -> list[list[Button]]:
    return [
        [buttons.ORDERS.button("📋 " + _("My orders"), page=0)],
        [buttons.NOTICES.button("🔔 " + _("Notices")), buttons.LANGUAGES.button("🌐 " + _("Language"))],
        [buttons.HELP.button("❓ " + _("Help"))],
    ]


def help_view(stage: Stage) -> Content:
    return Content(help_text(stage.person), [[home_button()]])

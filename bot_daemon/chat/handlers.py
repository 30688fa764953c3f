"""Which update goes to which step: one table, built into python-telegram-bot's handlers, all in one group."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.steps import home, joining, notice_settings, staff
from bot_daemon.chat.steps.access import Step
from bot_daemon.chat.steps.draft import ordering, typed_text
from bot_daemon.chat.steps.orders import answers, changes, collecting, order_list, talk
from common.i18n import N_

Callback = Callable[[Update, Any], Coroutine[Any, Any, None]]
Handler = BaseHandler[Any, Any, Any]

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


@dataclass(frozen=True)
class Command:
    name: str
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return CommandHandler(self.name, callback, PRIVATE)


@dataclass(frozen=True)
class Pressed:
    """`press` None: any other button."""

    press: Press | None
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return CallbackQueryHandler(callback, self.press.pattern if self.press else None)


@dataclass(frozen=True)
class Message:
    filter: filters.BaseFilter
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return MessageHandler(PRIVATE & self.filter, callback)


@dataclass(frozen=True)
class Member:
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return ChatMemberHandler(callback, ChatMemberHandler.MY_CHAT_MEMBER)


@dataclass(frozen=True)
class Edited:
    """A message that was corrected after it was sent."""

    step: Step

    def handler(self, callback: Callback) -> Handler:
        return MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, callback)


Entry = Edited | Command | Pressed | Message | Member

STEPS: list[Entry] = [  # the first that fits is taken
    Command("start", joining.start),
    Command("new", ordering.new_order),
    Command("orders", order_list.my_orders),
    Command("language", home.languages),
    Command("help", home.help_message),
    Command("cancel", home.home),
    Message(filters.COMMAND, home.help_message),
    Message(filters.TEXT, talk.first(typed_text.typed)),
    Message(~filters.StatusUpdate.ALL, talk.first(typed_text.sent)),
    Edited(talk.edited),
    Pressed(buttons.HOME, home.home),
    Pressed(buttons.HELP, home.help_screen),
    Pressed(buttons.LANGUAGES, home.languages),
    Pressed(buttons.LANGUAGE, home.choose_language),
    Pressed(buttons.ORDERS, order_list.my_orders),
    Pressed(buttons.ORDER, order_list.show_card),
    Pressed(buttons.ORDERS_SHOWN, order_list.shown),
    Pressed(buttons.ORDERS_OF_CAR, order_list.of_car),
    Pressed(buttons.CARS, order_list.cars),
    Pressed(buttons.CANCEL, changes.cancel),
    Pressed(buttons.CHANGE, changes.change),
    Pressed(buttons.CHANGE_LINE, changes.line),
    Pressed(buttons.LINE_QUANTITY, changes.quantity),
    Pressed(buttons.ADD_LINE, changes.add_line),
    Pressed(buttons.WRITE, talk.write),
    Pressed(buttons.COMING, collecting.coming),
    Pressed(buttons.LATER, collecting.later),
    Pressed(buttons.SOMEBODY_ELSE, collecting.somebody_else),
    Pressed(buttons.ANSWER, answers.answer),
    Pressed(buttons.WHICH, talk.which),
    Pressed(buttons.BELONGS, talk.belongs),
    Pressed(buttons.STARTS_ORDER, talk.starts_order),
    Pressed(buttons.NOTICES, notice_settings.notices),
    Pressed(buttons.NOTICE, notice_settings.switch),
    Pressed(buttons.QUIET, notice_settings.quiet),
    Pressed(buttons.ANY_HOUR, notice_settings.any_hour),
    Pressed(buttons.ASK, joining.ask),
    Pressed(buttons.LET_IN, joining.let_in),
    Pressed(buttons.REFUSE, joining.refuse),
    Pressed(buttons.DESK, staff.desk),
    Pressed(buttons.STAFF_ORDER, staff.show_card),
    Pressed(buttons.WHY, staff.why),
    Pressed(buttons.MOVE, staff.move),
    Pressed(buttons.MOVE_WHY, staff.move_why),
    Pressed(buttons.NEW_ORDER, ordering.new_order),
    Pressed(buttons.STAR, ordering.star),
    Pressed(buttons.CATEGORIES, ordering.categories),
    Pressed(buttons.CATEGORY, ordering.category),
    Pressed(buttons.FAVOURITES, ordering.favourites),
    Pressed(buttons.PART, ordering.part),
    Pressed(buttons.LINE, ordering.line),
    Pressed(buttons.QUANTITY, ordering.quantity),
    Pressed(buttons.GRADE, ordering.grade),
    Pressed(buttons.GRADES, ordering.grades),
    Pressed(buttons.IS_PART, ordering.is_part),
    Pressed(buttons.AS_WRITTEN, ordering.as_written),
    Pressed(buttons.NEXT, ordering.next_view),
    Pressed(buttons.PLATE, ordering.plate),
    Pressed(buttons.CAR, ordering.car),
    Pressed(buttons.USE_CAR, ordering.use_car),
    Pressed(buttons.HISTORY, ordering.history),
    Pressed(buttons.AGAIN, ordering.again),
    Pressed(buttons.ADDITIVES, ordering.additives),
    Pressed(buttons.FILE_TO, ordering.file_to),
    Pressed(buttons.FILE_ALONE, ordering.file_alone),
    Pressed(buttons.SUMMARY, ordering.summary),
    Pressed(buttons.COMMENT, ordering.comment),
    Pressed(buttons.NO_COMMENT, ordering.no_comment),
    Pressed(buttons.DROP, ordering.drop),
    Pressed(buttons.DROPPED, ordering.dropped),
    Pressed(buttons.SEND, ordering.send),
    Pressed(None, home.not_understood),
    Member(home.member),
]

COMMANDS: list[tuple[str, str]] = [
    ("new", N_("New order")),
    ("orders", N_("My orders")),
    ("language", N_("Language")),
    ("help", N_("How it works")),
    ("cancel", N_("Back to the start")),
]


def build(step_handler: Callable[[Step], Callback]) -> list[Handler]:
    """The handlers, in the table's order, with each step wrapped by the daemon."""
    return [entry.handler(step_handler(entry.step)) for entry in STEPS]

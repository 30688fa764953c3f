"""Which update goes to which step: one table, built into python-telegram-bot's handlers, all in one group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.incoming import Callback, Step
from bot_daemon.chat.steps import home, joining, notice_settings, staff, unkept_files
from bot_daemon.chat.steps.draft import order_car, ordering, typed_text
from bot_daemon.chat.steps.orders import answers, changes, collecting, order_list, talk
from common.i18n import N_

Handler = BaseHandler[Any, Any, Any]

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


@dataclass(frozen=True)
class CommandEntry:
    name: str
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return CommandHandler(self.name, callback, PRIVATE)


@dataclass(frozen=True)
class PressEntry:
    """The step of a button. `press` None: any other button."""

    press: Press | None
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return CallbackQueryHandler(callback, self.press.pattern if self.press else None)


@dataclass(frozen=True)
class MessageEntry:
    filter: filters.BaseFilter
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return MessageHandler(PRIVATE & self.filter, callback)


@dataclass(frozen=True)
class MembershipEntry:
    step: Step

    def handler(self, callback: Callback) -> Handler:
        return ChatMemberHandler(callback, ChatMemberHandler.MY_CHAT_MEMBER)


@dataclass(frozen=True)
class EditEntry:
    """The step of a message that was corrected after it was sent."""

    step: Step

    def handler(self, callback: Callback) -> Handler:
        return MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, callback)


Entry = EditEntry | CommandEntry | PressEntry | MessageEntry | MembershipEntry

STEPS: list[Entry] = [  # the first match is taken
    CommandEntry("start", joining.start),
    CommandEntry("new", ordering.new_order),
    CommandEntry("orders", order_list.show_my_orders),
    CommandEntry("language", home.show_languages),
    CommandEntry("help", home.send_help),
    CommandEntry("cancel", home.show_home),
    MessageEntry(filters.COMMAND, home.send_help),
    MessageEntry(filters.TEXT, talk.about_order_first(typed_text.take_text)),
    MessageEntry(
        ~filters.StatusUpdate.ALL,
        unkept_files.refusing_unkept(
            talk.about_order_first(typed_text.take_file), talk.about_order_first(typed_text.take_text)
        ),
    ),
    EditEntry(talk.correct_message),
    PressEntry(buttons.HOME, home.show_home),
    PressEntry(buttons.HELP, home.show_help),
    PressEntry(buttons.LANGUAGES, home.show_languages),
    PressEntry(buttons.LANGUAGE, home.choose_language),
    PressEntry(buttons.ORDERS, order_list.show_my_orders),
    PressEntry(buttons.ORDER, order_list.show_card),
    PressEntry(buttons.ORDERS_SHOWN, order_list.show_some_orders),
    PressEntry(buttons.ORDERS_OF_CAR, order_list.show_orders_of_car),
    PressEntry(buttons.CARS, order_list.show_cars),
    PressEntry(buttons.CANCEL, changes.ask_cancel),
    PressEntry(buttons.CANCEL_CONFIRMED, changes.cancel_order),
    PressEntry(buttons.CHANGE, changes.show_change),
    PressEntry(buttons.CHANGE_LINE, changes.show_line),
    PressEntry(buttons.LINE_QUANTITY, changes.set_quantity),
    PressEntry(buttons.ADD_LINE, changes.show_add_line),
    PressEntry(buttons.WRITE, talk.show_write),
    PressEntry(buttons.COMING, collecting.say_coming),
    PressEntry(buttons.LATER, collecting.say_later),
    PressEntry(buttons.SOMEBODY_ELSE, collecting.give_pickup_code),
    PressEntry(buttons.ANSWER, answers.answer_question),
    PressEntry(buttons.WHICH, talk.ask_which_order),
    PressEntry(buttons.BELONGS, talk.assign_to_order),
    PressEntry(buttons.STARTS_ORDER, talk.start_order),
    PressEntry(buttons.NOTICES, notice_settings.show_notices),
    PressEntry(buttons.NOTICE, notice_settings.switch_notice),
    PressEntry(buttons.QUIET, notice_settings.set_quiet_hours),
    PressEntry(buttons.ANY_HOUR, notice_settings.clear_quiet_hours),
    PressEntry(buttons.ASK, joining.ask_to_join),
    PressEntry(buttons.LET_IN, joining.let_in),
    PressEntry(buttons.REFUSE, joining.refuse),
    PressEntry(buttons.DESK, staff.show_desk),
    PressEntry(buttons.STAFF_ORDER, staff.show_card),
    PressEntry(buttons.WHY, staff.ask_reason),
    PressEntry(buttons.MOVE, staff.move),
    PressEntry(buttons.MOVE_WHY, staff.move_with_reason),
    PressEntry(buttons.NEW_ORDER, ordering.new_order),
    PressEntry(buttons.STAR, ordering.set_star),
    PressEntry(buttons.CATEGORIES, ordering.open_categories),
    PressEntry(buttons.CATEGORY, ordering.open_category),
    PressEntry(buttons.FAVOURITES, ordering.open_favourites),
    PressEntry(buttons.PART, ordering.pick_part),
    PressEntry(buttons.LINE, ordering.open_line),
    PressEntry(buttons.QUANTITY, ordering.set_quantity),
    PressEntry(buttons.GRADE, ordering.set_grade),
    PressEntry(buttons.GRADES, ordering.set_all_grades),
    PressEntry(buttons.IS_PART, ordering.set_part),
    PressEntry(buttons.AS_WRITTEN, ordering.keep_as_written),
    PressEntry(buttons.ASK_LATER, ordering.ask_later),
    PressEntry(buttons.NOTE_IS_PART, ordering.take_note_as_part),
    PressEntry(buttons.JOINED, ordering.join_lines),
    PressEntry(buttons.PUT_BACK, ordering.put_back),
    PressEntry(buttons.NEXT, ordering.go_on),
    PressEntry(buttons.PLATE, order_car.open_plate),
    PressEntry(buttons.CAR, order_car.pick_car),
    PressEntry(buttons.USE_CAR, order_car.use_car),
    PressEntry(buttons.WITHOUT_NUMBER, order_car.go_without_number),
    PressEntry(buttons.CAR_IS_PART, order_car.take_words_as_part),
    PressEntry(buttons.TYPE_NUMBER, order_car.type_number),
    PressEntry(buttons.HISTORY, order_car.open_history),
    PressEntry(buttons.AGAIN, order_car.order_again),
    PressEntry(buttons.ADDITIVES, ordering.set_additives),
    PressEntry(buttons.FILE_TO, ordering.move_file),
    PressEntry(buttons.FILE_ALONE, ordering.move_file_to_own_line),
    PressEntry(buttons.SUMMARY, ordering.open_summary),
    PressEntry(buttons.URGENT, ordering.set_urgent),
    PressEntry(buttons.COMMENT, ordering.open_comment),
    PressEntry(buttons.NO_COMMENT, ordering.clear_comment),
    PressEntry(buttons.DROP, ordering.ask_drop),
    PressEntry(buttons.DROP_CONFIRMED, ordering.drop_draft),
    PressEntry(buttons.SEND, ordering.send_order),
    PressEntry(None, home.answer_outdated),
    MembershipEntry(home.record_membership),
]

COMMANDS: list[tuple[str, str]] = [
    ("new", N_("New order")),
    ("orders", N_("My orders")),
    ("language", N_("Language")),
    ("help", N_("How it works")),
    ("cancel", N_("Back to the start")),
]


def build_handlers(step_handler: Callable[[Step], Callback]) -> list[Handler]:
    """The handlers, in the table's order, with each step wrapped by the daemon."""
    return [entry.handler(step_handler(entry.step)) for entry in STEPS]

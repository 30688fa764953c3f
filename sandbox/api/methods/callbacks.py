"""answerCallbackQuery: once, and soon."""

from sandbox import errors
from sandbox.api.call import Call
from sandbox.errors import bad_request

ANSWER_WITHIN = 15.0  # seconds; seen: telegraf#1839, pyTelegramBotAPI#1615
MAX_ANSWER = 200  # docs, answerCallbackQuery.text


def answer_callback_query(call: Call) -> bool:
    """Raises 400 when the query is unknown, answered already, or too old."""
    text = call.parameters.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")  # seen
    press = call.bot.presses.get(call.parameters.text("callback_query_id"))
    now = call.world.clock.wall()
    if press is None or press.answer is not None or now - press.at > ANSWER_WITHIN:
        raise bad_request(errors.QUERY_TOO_OLD)
    press.answer = {
        "text": text,
        "show_alert": call.parameters.flag("show_alert"),
        "url": call.parameters.text("url"),
    }
    call.world.hub.tell("answer", bot=call.bot.username, chat=press.chat_id, press=press.view())
    return True

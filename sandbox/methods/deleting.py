"""deleteMessage and deleteMessages."""

from sandbox import errors
from sandbox.call import Call
from sandbox.chats import Conversation, Message
from sandbox.errors import bad_request

MAX_AGE = 48 * 3600  # docs, deleteMessage: "can only be deleted if it was sent less than 48 hours ago"


def delete_message(call: Call) -> bool:
    if not call.parameters.text("chat_id"):
        raise bad_request("Chat identifier is not specified")  # Client.cpp:13797
    if not call.parameters.integer("message_id"):
        raise bad_request("Message identifier is not specified")  # Client.cpp:13801
    conversation, _ = call.writable_chat()
    message = call.message(conversation, errors.DELETE_NOT_FOUND)
    if call.date() - message.body["date"] > MAX_AGE:
        raise bad_request(errors.NOT_DELETABLE)
    _delete(call, conversation, message)
    return True


def delete_messages(call: Call) -> bool:
    """Up to 100; those that are not there are skipped (docs, deleteMessages)."""
    numbers = call.parameters.json("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("Message identifiers are not specified")  # Client.cpp:13816
    if len(numbers) > 100:
        raise bad_request("Too many message identifiers specified")  # Client.cpp:12420
    conversation, _ = call.writable_chat()
    for number in numbers:
        message = conversation.find(int(number))
        if message is not None:
            _delete(call, conversation, message)
    return True


def _delete(call: Call, conversation: Conversation, message: Message) -> None:
    message.deleted = True
    call.world.tell_message(call.bot, conversation, message)

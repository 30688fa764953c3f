"""The methods of the Bot API that the emulator knows, by lower-case name."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.api.call import Call
from sandbox.api.methods import (
    callbacks,
    commands,
    copying,
    deleting,
    editing,
    identity,
    media,
    menu,
    polling,
    sending,
    webhook,
)

Method = Callable[[Call], Any] | Callable[[Call], Awaitable[Any]]

_ALL: dict[str, Method] = {
    "getMe": identity.get_me,
    "logOut": identity.log_out,
    "close": identity.close,
    "getChat": identity.get_chat,
    "getUpdates": polling.get_updates,
    "setWebhook": webhook.set_webhook,
    "deleteWebhook": webhook.delete_webhook,
    "getWebhookInfo": webhook.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": media.send_photo,
    "sendDocument": media.send_document,
    "sendVoice": media.send_voice,
    "sendVideo": media.send_video,
    "sendAudio": media.send_audio,
    "sendMediaGroup": media.send_media_group,
    "copyMessage": copying.copy_message,
    "forwardMessage": copying.forward_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "deleteMessage": deleting.delete_message,
    "deleteMessages": deleting.delete_messages,
    "answerCallbackQuery": callbacks.answer_callback_query,
    "getFile": media.get_file,
    "setChatMenuButton": menu.set_chat_menu_button,
    "getChatMenuButton": menu.get_chat_menu_button,
    "setMyCommands": commands.set_my_commands,
    "getMyCommands": commands.get_my_commands,
    "deleteMyCommands": commands.delete_my_commands,
}
METHODS: dict[str, tuple[str, Method]] = {name.lower(): (name, method) for name, method in _ALL.items()}

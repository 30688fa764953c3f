"""People of the emulator, with their data at Telegram."""

from dataclasses import dataclass

from sandbox.values import Json


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    language_code: str
    last_name: str | None = None
    username: str | None = None
    deactivated: bool = False

    def as_user(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        _put(user, last_name=self.last_name, username=self.username, language_code=self.language_code)
        return user

    def as_chat(self) -> Json:
        """The Bot API's Chat of the private chat with this person."""
        chat: Json = {"id": self.id, "first_name": self.first_name}
        _put(chat, last_name=self.last_name, username=self.username)
        return chat | {"type": "private"}


def _put(target: Json, **values: str | None) -> None:
    target.update({name: value for name, value in values.items() if value})


def default_cast() -> list[Person]:
    """Dima orders in Russian, Noa in Hebrew; Charlie speaks English and may see nothing."""
    return [
        Person(1001, "Дима", "ru", username="dima_bay3"),
        Person(1002, "נועה", "he", username="noa_bay1"),
        Person(1003, "Charlie", "en", username="charlie"),
    ]

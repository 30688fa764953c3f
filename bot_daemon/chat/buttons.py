"""The format of a button's data. Data names the result of pressing, never a step: `line 3, quantity 2`, not `+1`.

A button of a draft carries the draft's key, so that a button of an older draft is recognised and does not touch the
present one. The limit is 64 bytes (Bot API, InlineKeyboardButton); a test builds every kind with its longest values.
"""

from __future__ import annotations

import re
from string import Formatter

from bot_daemon.chat.content import Button

_FIELDS = {
    "key": r"[A-Za-z0-9_-]{1,24}",
    "language": r"[a-z]{2}",
    "grade": r"[a-z]{1,16}",
    "answer": r"[a-z]{1,8}",
    "choice": r"[a-z_]{1,8}",
    "kind": r"[a-z_]{1,24}",
    "switch": "on|off",
    "show": "open|ready|all",
    "which": "new|mine",
    "move": r"[a-z]{1,8}",
    "reason": r"[a-z_]{1,16}",
}
_NUMBER = r"[0-9]{1,9}"


class Press:
    """One kind of button: `data` and `button` fill its format, `read` parses a press."""

    def __init__(self, shape: str) -> None:
        self.shape = shape
        pieces = [
            re.escape(literal) + (f"(?P<{name}>{_FIELDS.get(name, _NUMBER)})" if name else "")
            for literal, name, _, _ in Formatter().parse(shape)
        ]
        self.pattern = re.compile("".join(pieces) + r"\Z")

    def data(self, **values: object) -> str:
        return self.shape.format(**values)

    def button(self, text: str, **values: object) -> Button:
        return Button(text, self.data(**values))

    def read(self, data: str) -> dict[str, str]:
        """The values of a press. The handler's pattern has matched, so the data always parses."""
        hit = self.pattern.match(data)
        return hit.groupdict() if hit else {}


HOME = Press("home")
NEW_ORDER = Press("new")
HELP = Press("help")
LANGUAGES = Press("languages")
LANGUAGE = Press("language:{language}")
ORDERS = Press("orders:{page}")
ORDER = Press("order:{order}")
CANCEL = Press("cancel:{order}")  # asks first
ORDERS_SHOWN = Press("orders:{show}:{page}")
ORDERS_OF_CAR = Press("orders:car:{vehicle}:{page}")
CARS = Press("orders:cars")

CHANGE = Press("o:{order}:change:{page}")
CANCEL_CONFIRMED = Press("o:{order}:cancel")
CHANGE_LINE = Press("o:{order}:line:{line}")
LINE_QUANTITY = Press("o:{order}:line:{line}:quantity:{quantity}")  # 0: not in the order
ADD_LINE = Press("o:{order}:add")
WRITE = Press("o:{order}:write")
COMING = Press("o:{order}:coming")
LATER = Press("o:{order}:later")
SOMEBODY_ELSE = Press("o:{order}:code")
ANSWER = Press("q:{question}:{answer}")
WHICH = Press("m:{message}:which")
BELONGS = Press("m:{message}:order:{order}")
STARTS_ORDER = Press("m:{message}:new")

NOTICES = Press("notices")
NOTICE = Press("notice:{kind}:{switch}")
QUIET = Press("quiet:{start}:{end}")
ANY_HOUR = Press("quiet:none")

STAR = Press("star:{part}:{on}")
ASK = Press("ask")
LET_IN = Press("join:{request}:in")
REFUSE = Press("join:{request}:refuse")

DESK = Press("desk:{which}:{page}")
STAFF_ORDER = Press("staff:order:{order}")
WHY = Press("why:{order}:{version}:{move}")
MOVE = Press("move:{order}:{version}:{move}")
MOVE_WHY = Press("move:{order}:{version}:{move}:{reason}")

CATEGORIES = Press("d:{key}:categories")
CATEGORY = Press("d:{key}:category:{category}:{page}")
FAVOURITES = Press("d:{key}:favourites:{page}")
PART = Press("d:{key}:part:{part}")
LINE = Press("d:{key}:line:{line}")
QUANTITY = Press("d:{key}:line:{line}:quantity:{quantity}")
GRADE = Press("d:{key}:line:{line}:grade:{grade}")
GRADES = Press("d:{key}:grades:{grade}")
IS_PART = Press("d:{key}:line:{line}:is:{part}")
AS_WRITTEN = Press("d:{key}:line:{line}:as-written")
ASK_LATER = Press("d:{key}:line:{line}:later")
NOTE_IS_PART = Press("d:{key}:line:{line}:note-is-part")
JOINED = Press("d:{key}:joined:{message}")
PUT_BACK = Press("d:{key}:back")
NEXT = Press("d:{key}:next")
PLATE = Press("d:{key}:plate")
CAR = Press("d:{key}:car:{vehicle}")
USE_CAR = Press("d:{key}:use-car:{mark}")
WITHOUT_NUMBER = Press("d:{key}:without:{choice}")
CAR_IS_PART = Press("d:{key}:car-is-part")
TYPE_NUMBER = Press("d:{key}:type-number")
HISTORY = Press("d:{key}:history")
AGAIN = Press("d:{key}:again:{order}")
ADDITIVES = Press("d:{key}:additives:{choice}")
FILE_TO = Press("d:{key}:file:{message}:line:{line}")
FILE_ALONE = Press("d:{key}:file:{message}:alone")
SUMMARY = Press("d:{key}:summary:{page}")
URGENT = Press("d:{key}:urgent:{switch}")
COMMENT = Press("d:{key}:comment")
NO_COMMENT = Press("d:{key}:no-comment")
DROP = Press("d:{key}:drop")
DROP_CONFIRMED = Press("d:{key}:dropped")
SEND = Press("d:{key}:send")

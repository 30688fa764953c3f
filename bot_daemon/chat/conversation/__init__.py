"""The rules for the order being written: a state and an action in, a new state and effects out. No I/O.

A step loads the state and looks up the facts that the action needs, calls `decide`, stores the state and carries the
effects out. Everything here can be tested, also with random actions, without a database, a bot or a clock.
"""

from bot_daemon.chat.conversation.decide import decide
from bot_daemon.chat.conversation.state import Decision, State

__all__ = ["Decision", "State", "decide"]

"""One function a table: what the code says, as Markdown."""

from collections.abc import Callable

from docs.tables import commands, crashpoints, database, emulator, messages, metrics, orders, routes, settings, timing

TABLES: dict[str, Callable[[], str]] = {
    "settings": settings.headings,
    "settings-overview": settings.overview,
    "commands": commands.headings,
    "make": commands.make_targets,
    "web-routes": routes.web,
    "daemon-routes": routes.daemon,
    "web-metrics": metrics.web,
    "daemon-metrics": metrics.daemon,
    "message-kinds": messages.kinds,
    "message-families": messages.families,
    "moves": orders.moves,
    "permissions": orders.permissions,
    "notifications": orders.notices,
    "order-states": orders.states,
    "line-states": orders.line_states,
    "line-changes": orders.line_changes,
    "wishes": orders.wishes,
    "switches": orders.switches,
    "outbox-states": messages.outbox_states,
    "inbox-states": messages.inbox_states,
    "unreachable": messages.unreachable,
    "harmless": messages.harmless,
    "back-off": messages.back_off,
    "database": database.tables,
    "pruning": database.pruning,
    "crash-points": crashpoints.points,
    "timing": timing.constants,
    "limits": timing.overall,
    "emulator-rules": emulator.rules,
    "emulator-count": emulator.count,
}

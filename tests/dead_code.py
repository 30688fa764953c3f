"""Finds code that nothing uses, as a part of `make check`: `python -m tests.dead_code`.

vulture compares names: one that is defined and never named again is dead. What only a test names is dead too, except in
the emulator, which is made for tests.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

ROOT = Path(__file__).parents[1]
PRODUCT = ("common", "bot_daemon", "webapp")
REST = ("sandbox", "tests", "benchmarks", "docs")
TEMPLATES = ROOT / "webapp" / "templates"
# Migrations stay as they were; the names in gunicorn's settings are gunicorn's.
NOT_READ = ["*/migrations/versions/*", "*/webapp/gunicorn_conf.py"]
# Of these a decorator hands the function to a framework.
DECORATORS = [
    "@*.route",
    "@*.get",
    "@*.post",
    "@*.patch",
    "@*.before_request",
    "@*.after_request",
    "@*.teardown_request",
    "@*.errorhandler",
    "@*.app_errorhandler",
    "@event.listens_for",
    "@pytest.fixture",
    "@pytest_asyncio.fixture",
    "@rule",
    "@invariant",
    "@initialize",
]
# Names that others call or read, and who they are.
CALLED = {
    "pytest": "test_* Test* pytest_* pytestmark exitstatus",
    "gunicorn": "FrontWorker gettimeout",
    "hypothesis": "teardown",
    "http.server": "do_GET do_POST log_message handle_error address_string protocol_version close_connection",
    "socketserver": "address_family server_bind server_name daemon_threads client_address",
    "html.parser": "handle_starttag handle_endtag handle_data",
    "jinja2": "undefined trim_blocks lstrip_blocks bytecode_cache load_bytecode dump_bytecode",
    "sqlalchemy": "impl cache_ok process_bind_param process_result_value metadata type_annotation_map isolation_level",
    "io": "readinto",
    "sqlite3": "row_factory",
    "flask": "max_content_length",
    "telegram": "do_request write_timeout connect_timeout pool_timeout",
    "urllib3": "_new_conn",
    "enum": "_missing_",
    "logging": "exc_text formatException",
    "sys": "unraisablehook",
    "babel": "comment_tags",
    "prometheus_client": "collect",
    "PIL": "MAX_IMAGE_PIXELS",
    "openpyxl": "rightToLeft freeze_panes font number_format data_type",
    "the manifest of the vendored files": "licence",
    "the reference of the settings": "readers",
    "whoever looks into the table of logins": "changed_at",
    "the emulator's answers, which are made of all fields": "finished_at fix_ip_address performer",
}


def find_dead_code() -> list[Item]:
    """What nothing uses: of the product without its tests, of all the rest with them."""
    return [*_unused(PRODUCT, PRODUCT), *_unused(REST, PRODUCT + REST)]


def _unused(judged: tuple[str, ...], read: tuple[str, ...]) -> Iterator[Item]:
    finder = Vulture(ignore_names=" ".join(CALLED.values()).split(), ignore_decorators=DECORATORS)
    finder.scavenge([str(ROOT / name) for name in read], exclude=NOT_READ)
    finder.scan(_names_in_templates(), filename=str(TEMPLATES))
    for item in finder.get_unused_code(min_confidence=60):
        where = Path(item.filename).relative_to(ROOT)
        if where.parts[0] in judged and not _is_answered(where, item):
            yield item


def _names_in_templates() -> str:
    """A program that names whatever a template names."""
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*")]
    code = " ".join(inside for text in texts for inside in re.findall(r"{[{%](.+?)[%}]}", text, re.DOTALL))
    names = sorted(set(re.findall(r"[a-zA-Z_]\w*", code)))
    return "\n".join(f"_.{name}" for name in names if not keyword.iskeyword(name))


def _is_answered(where: Path, item: Item) -> bool:
    """A field of the API's models is read by its clients."""
    return where.parts[:2] == ("webapp", "api") and item.typ == "variable"


def main() -> int:
    found = find_dead_code()
    for item in found:
        print(f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: {item.message}")
    print(f"Dead code: {len(found)} names that nothing uses.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

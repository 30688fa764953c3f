"""How the desk's routes of people, accounts, signing in and the station answer."""

from __future__ import annotations

from tests.integration.hostile.cases import CLOSED_FORM, FORM, OPEN_FORM, PAGE, WRONG_METHOD, Case, signed

PEOPLE: dict[str, tuple[Case, ...]] = {
    "GET /account": PAGE,
    "GET /desk/style": (Case("nobody is signed in", 303), signed("outside the demo", 404), WRONG_METHOD),
    "GET /system": PAGE,
    "GET /audit": (*PAGE, signed("a page that is none", 200, "?before=x&about=y")),
    "GET /people": (
        *PAGE,
        signed("a page that is none", 200, "?after=-1"),
        signed("far away", 200, "?after=" + "9" * 40),
    ),
    "GET /login": (Case("to another site", 200, path="?next=https://evil.example"), WRONG_METHOD),
    "POST /login": (
        *OPEN_FORM,
        Case("nothing filled in", 401, b"", {"Content-Type": FORM}, own=True),
        Case("a wrong password", 401, b"username=avi&password=guess", {"Content-Type": FORM}, own=True),
        Case("not a form", 401, b'{"username":', {"Content-Type": "application/json"}, own=True),
        Case("not UTF-8", 401, b"username=%ff%fe&password=%ff", {"Content-Type": FORM}, own=True),
    ),
    "POST /login/link": (
        *OPEN_FORM,
        Case("a name of nobody", 200, b"username=nobody", {"Content-Type": FORM}, own=True),
    ),
    "GET /login/link/<code>": (Case("a link of nobody", 410), WRONG_METHOD),
    "POST /login/link/<code>": (*OPEN_FORM, Case("a link of nobody", 410, b"", {"Content-Type": FORM}, own=True)),
    "POST /logout": (*OPEN_FORM, Case("nobody is signed in", 303, b"", {"Content-Type": FORM}, own=True)),
    "POST /account/language": (*OPEN_FORM, Case("a language we do not speak", 400, b"language=xx", own=True)),
    "POST /account/keys": (*CLOSED_FORM, signed("neither on nor off", 400, body=b"single_keys=perhaps")),
    "POST /account/theme": (*OPEN_FORM, Case("a theme there is not", 400, b"theme=pink", own=True)),
    "POST /account/sign-out-everywhere": CLOSED_FORM,
    "GET /welcome/<code>": (Case("an invitation of nobody", 410), WRONG_METHOD),
    "POST /welcome/<code>": (
        *OPEN_FORM,
        Case("an invitation of nobody", 410, b"username=x&password=seven+grey+pigeons", own=True),
    ),
    "POST /account/telegram": (*CLOSED_FORM, signed("a wrong password", 400, body=b"present=guess")),
    "POST /account/telegram/unlink": (*CLOSED_FORM, signed("a wrong password", 400, body=b"present=guess")),
    "POST /account/read": CLOSED_FORM,
    "GET /people/roles": PAGE,
    "GET /people/<person_id>": (*PAGE, signed("nobody", 404, "/people/999999")),
    "POST /people/<person_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name=x&language=ru"),
        signed("a stale version", 409, body=b"name=x&language=ru&version=999"),
        signed("nobody", 404, "/people/999999", b"name=x&language=ru&version=1"),
    ),
    "POST /people/<person_id>/role": (
        *CLOSED_FORM,
        signed("a role there is not", 400, body=b"role=king&version=1"),
        signed("a stale version", 409, body=b"role=storekeeper&version=999"),
        signed("nobody", 404, "/people/999999/role", b"role=storekeeper&version=1"),
    ),
    "POST /people/<person_id>/sign-out": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/sign-out")),
    "POST /people/<person_id>/desk-link": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/desk-link")),
    "POST /account/browsers": (*CLOSED_FORM, signed("a browser of nobody", 303, body=b"browser=x")),
    "POST /account/password": (*CLOSED_FORM, signed("a wrong password", 400, body=b"present=guess&password=y")),
    "POST /people/<person_id>/invitations": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/invitations")),
    "POST /people/requests/<request_id>": (
        *CLOSED_FORM,
        signed("no decision", 400, body=b""),
        signed("nobody asked", 404, "/people/requests/999999", b"decision=let_in"),
    ),
    "POST /people/<person_id>/archive": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/archive")),
    "POST /people/<person_id>/erase": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/erase")),
    "POST /people/<person_id>/restore": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/restore")),
    "POST /people/invitations": (
        *CLOSED_FORM,
        signed("no name", 400, body=b"name=+&language=ru"),
        signed("a language we do not speak", 400, body=b"name=Lev&language=xx"),
    ),
    "POST /people/invitations/<invitation_id>/revoke": (
        *CLOSED_FORM,
        signed("no such invitation", 404, "/people/invitations/999999/revoke"),
    ),
}

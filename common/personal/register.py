"""The register: the columns of each table that say something of a person.

A test holds it against the tables: a new column must be put here, or into the test's list of the others. The page
docs/explanation/personal-data.md says for each table why it is stored, for how long, and what erasing does to it.
"""

from __future__ import annotations

# Columns about people: mechanics, staff, and the customers whose cars they are.
PERSONAL: dict[str, str] = {
    "api_request": "key asked location answer",
    "api_token": "digest name seen_at",
    "audit": "name arguments",
    "car_word": "word",
    "card": "chat_id message_id",
    "catalogue_import": "filename rows",
    "change_request": "arguments",
    "chat": "chat_id migrated_to",
    "chat_message": "text chat_id message_id",
    "delivery": "text detail",
    "desk_note": "text",
    "draft": "key content",
    "event": "arguments",
    "favourite": "part_id created_at",
    "inbox": "digest lane body error",
    "invitation": "name language browser",
    "join_request": "telegram_id name language asked_at",
    "known_browser": "digest seen_at expires_at revoked_at network hops",
    "last_move": "was",
    "login": "username password_hash changed_at",
    "login_attempt": "subject at",
    "login_link": "digest browser_digest chat_id created_at used_at",
    "look": "seen_at open_until",
    "media": "caption chat_id message_id group_id file_id file_unique_id seconds digest",
    "media_content": "digest body thumbnail",
    "order_line": "words remark reason substitute",
    "order_word": "word",
    "orders": "comment reason issued_to pickup_code",
    "outbox": "key stream collapse_key chat_id arguments reason",
    "person": "name language language_chosen telegram_id muted quiet_from quiet_until single_keys",
    "question": "text answer",
    "saved_view": "name wanted",
    "screen": "chat_id arguments message_id",
    "sign_in": "at is_new browser network",
    "staff_session": "digest created_at seen_at expires_at browser chat_id",
    "throttle_count": "key at empty_at",
    "vehicle": "key raw display vin",
}
# Never handed out, not even to the person: whoever had them could sign in.
SECRETS = frozenset({"password_hash", "digest", "browser_digest", "key", "asked"})

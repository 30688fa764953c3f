"""The columns that are not about a person: beside the register, every other column there is."""

from __future__ import annotations

# Columns that say nothing of a person beyond a number, a code of ours, or a time of the work.
PLAIN: dict[str, str] = {
    "api_request": "id token_id status created_at",
    "api_token": "id person_id scopes created_at expires_at revoked_at",
    "audit": "id at kind subject subject_id version actor_id via",
    "bot": "bot_id username name link_base desk_url active_at paused_until webhook",
    "car_word": "vehicle_id",
    "card": "order_id",
    "catalogue_import": "id person_id created_at expires_at loaded_at result",
    "category": "id code icon names position archived_at stamp version",
    "change_request": "id order_id person_id kind state asked_at decided_by decided_at",
    "chat": "kind unreachable ready_at",
    "chat_message": "id order_id author_id at edited_at outbox_id",
    "delivery": "id outbox_id epoch at method outcome milliseconds",
    "desk_note": "id order_id author_id key at struck_at",
    "draft": "person_id updated_at",
    "event": "id order_id kind at actor_id via version",
    "favourite": "person_id",
    "inbox": "seq bot_id update_id kind state outcome attempts received_at done_at",
    "invitation": "id digest role way person_id created_by created_at expires_at revoked_at used_at used_by",
    "join_request": "id state decided_at decided_by",
    "known_browser": "id person_id",
    "last_move": "order_id person_id event_id move version until",
    "lease": "name holder epoch expires_at machine pid started doorbell_url",
    "login": "person_id",
    "login_attempt": "id",
    "login_link": "person_id expires_at",
    "look": "order_id person_id",
    "media": (
        "id draft_key draft_line order_id line_id chat_message_id person_id kind state reason_code reason "
        "attempts due_at created_at"
    ),
    "media_content": "type size created_at",
    "order_index": "id version last_order last_car finished",
    "order_line": "id order_id position part_id quantity unit grade state expected_on supplier",
    "order_word": "order_id",
    "orders": (
        "id key person_id vehicle_id owner_id state state_since expected_on additives version created_at updated_at "
        "forgotten_at"
    ),
    "outbox": (
        "id channel person_id order_id event_id kind priority state created_at due_at expires_at attempts suspicion "
        "ambiguous lease_epoch lease_until sent_at message_id reason_code superseded_by"
    ),
    "part": (
        "id category_id code names synonyms flags unit positions attributes button_names position archived_at "
        "merged_into_id stamp version"
    ),
    "person": "id role has_access_news created_at archived_at erasing_since erased_at version",
    "process": "name kind version started_at heartbeat_at details",
    "question": "id order_id line_id kind asked_by asked_at answered_by answered_at",
    "quick_reply": "id shortcut texts version updated_at archived_at",
    "revision": "id value",
    "saved_view": "id owner_id shared version created_at updated_at archived_at",
    "schema_floor": "oldest",
    "screen": "view fresh",
    "sign_in": "id person_id kind count",
    "staff_session": "person_id revoked_at",
    "throttle_count": "id",
    "vehicle": "id country created_at",
}

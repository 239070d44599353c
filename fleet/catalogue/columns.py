"""The sheets of the operator's workbook and their columns, as row 1 of each sheet names them."""

from __future__ import annotations

#: Row 1 holds the headers, row 2 explains them, data begins here.
FIRST_DATA_ROW = 3

SHEETS: dict[str, tuple[str, ...]] = {
    "city": ("name_zh", "name_en", "division"),
    "themes": ("id", "name_zh", "name_en", "icon"),
    "departments": ("dept_code", "name_zh", "name_en"),
    "items": (
        "task_code", "catalog_code", "name_zh", "name_en", "popular_terms", "task_type", "project_type",
        "server_types", "dept_code", "theme", "minutes", "agent_allowed", "assurance", "popular_rank", "at_terminal",
        "form", "result_name_zh", "result_name_en", "result_template", "result_series", "result_fields",
        "result_holder", "commitment_title_zh", "commitment_title_en", "plain_zh", "plain_en", "condition",
        "flow", "law", "legal_days", "promise_days", "fee_charged", "fee_name", "fee_standard", "fee_basis",
        "place", "hours", "consult", "supervise", "visits",
    ),
    "situations": (
        "task_code", "situation_id", "question_zh", "question_en", "help_zh", "help_en", "value", "label_zh",
        "label_en", "choice_help_zh", "choice_help_en",
    ),
    "materials": (
        "task_code", "material_id", "name_zh", "name_en", "way", "need", "form", "source", "copies", "notes_zh",
        "notes_en", "when",
    ),
    "commitments": ("task_code", "order", "paragraph_zh", "paragraph_en"),
    "terminals": (
        "terminal_id", "label", "hall_zh", "hall_en", "place", "division", "phone", "card_stays", "face_at_login",
        "offline_opens", "saved_days",
    ),
}  # fmt: skip

#: Columns a workbook of before may lack; it then says what an empty cell says.
LATER: dict[str, frozenset[str]] = {
    "items": frozenset({"assurance"}),
    "terminals": frozenset({"card_stays", "face_at_login", "offline_opens", "saved_days"}),
}

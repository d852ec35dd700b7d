"""The sheets and columns of a form as a spreadsheet; docs/form-spreadsheet.md describes the layout."""

SETTINGS, QUESTIONS, OPTIONS = "Settings", "Questions", "Options"
SHEETS = (SETTINGS, QUESTIONS, OPTIONS)
# The columns of each sheet, with their widths in characters.
QUESTION_COLUMNS = {
    "id": 24, "number": 8, "section": 24, "theme": 16, "kind": 12, "ask": 60, "short": 30, "hint": 30,
    "required": 10, "answers": 20, "none_of_these": 16, "comment": 16, "comment_when": 20,
    "show_if_question": 20, "show_if_rule": 12, "show_if_answers": 20, "same_as": 16, "only_for": 20,
    "conflicts": 24, "role_own": 16, "role_another": 16, "concern_beside": 14, "lowest": 8, "highest": 8,
    "lowest_label": 16, "highest_label": 16, "earliest": 12, "latest": 12,
}  # fmt: skip
OPTION_COLUMNS = {
    "list": 24, "value": 24, "label": 60, "short": 30, "hint": 40, "counts_as": 16, "raises_concern": 14,
}  # fmt: skip
SETTING_COLUMNS = {"name": 16, "value": 60, "id": 20}
COLUMNS = {SETTINGS: SETTING_COLUMNS, QUESTIONS: QUESTION_COLUMNS, OPTIONS: OPTION_COLUMNS}
LISTED = ("comment_when", "only_for")
NUMBERS = ("number", "lowest", "highest")
PLAIN = (
    "id", "section", "theme", "kind", "ask", "short", "hint", "none_of_these", "comment", "same_as",
    "lowest_label", "highest_label", "earliest", "latest",
)  # fmt: skip

"""The columns and types of XLSForm, with the other names pyxform takes for them (xlsform.org/en/ref-table)."""

from __future__ import annotations

from dataclasses import dataclass

from pyxform.aliases import select
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from fleet.catalogue.alike import meant

#: other name -> name
_ALIASES = {
    "command": "type", "tag": "name", "value": "name", "caption": "label", "read_only": "readonly",
    "relevance": "relevant", "calculate": "calculation", "constraining_message": "constraint_message",
    "requiredmsg": "required_message", "count": "repeat_count", "jr:count": "repeat_count", "list name": "list_name",
    "set_form_title": "form_title", "set_form_id": "form_id",
}  # fmt: skip
_MEDIA = ("image", "big-image", "audio", "video")
#: whose text is written in every language
TRANSLATED = ("label", "hint", "guidance_hint", "required_message", "constraint_message", *_MEDIA)
COLUMNS: dict[str, tuple[str, ...]] = {
    "survey": (
        "type", "name", "label", "hint", "guidance_hint", "appearance", "required", "required_message", "readonly",
        "relevant", "constraint", "constraint_message", "calculation", "default", "choice_filter", "parameters",
        "repeat_count", "trigger", "autoplay", "rows", "disabled", *_MEDIA,
    ),
    "choices": ("list_name", "name", "label", *_MEDIA),
    "settings": (
        "form_title", "form_id", "version", "default_language", "namespaces", "instance_name", "style",
        "allow_choice_duplicates", "clean_text_values", "name",
    ),
}  # fmt: skip
#: `bind::bianmin:from`, `body::accept`, `media::image::zh`
PREFIXES = ("bind", "body", "control", "instance", "media")
#: where an answer comes from
FROM = "bind::bianmin:from"
#: holding an expression in every case
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count")
#: holding yes, no or an expression
YES_NO = ("required", "readonly")

SELECTS = ("select_one", "select_multiple", "rank")
FROM_FILE = ("select_one_from_file", "select_multiple_from_file")
BEGIN, END = ("begin_group", "begin_repeat"), ("end_group", "end_repeat")
#: the names operators are offered first
USUAL_TYPES = (
    "text", "integer", "decimal", "date", "time", "dateTime", *SELECTS, *FROM_FILE, "note", "calculate",
    "acknowledge", "range", "image", "file", "barcode", "geopoint", "hidden", *BEGIN, *END,
)  # fmt: skip
#: what the engine runs and no terminal has a device for
UNRECORDED = ("audio", "video")
_TYPES = frozenset(QUESTION_TYPE_DICT) | frozenset(USUAL_TYPES)
_OTHER_SELECTS = {other: name for other, name in {**select, "select1": "select one"}.items() if "external" not in other}


@dataclass(frozen=True)
class Column:
    """A column of a form's sheet: `label::en` has the base label and the language en; `header` is what is handed on."""

    base: str
    language: str
    header: str


def column_of(sheet: str, written: str) -> Column | None:
    """What a header means; None where it is not known."""
    parts = [part.strip() for part in written.split("::")]
    base = _ALIASES.get(parts[0].lower(), parts[0].lower())
    if base == "media" and len(parts) > 1:
        base, parts = parts[1], parts[1:]
        return Column(base, parts[1] if len(parts) > 1 else "", written) if base in _MEDIA else None
    if base in PREFIXES and len(parts) > 1:
        return Column("::".join((base, *parts[1:])), "", written)
    if base not in COLUMNS[sheet] or (len(parts) > 1 and base not in TRANSLATED) or len(parts) > 2:
        return None
    return Column(base, parts[1] if len(parts) == 2 else "", "::".join((parts[0].lower(), *parts[1:])))


def meant_column(sheet: str, written: str) -> str:
    """What to write instead of a header that is not known; "" where nothing is like it."""
    plain = written.replace("：", ":").replace("; ", ":")
    base, _, language = plain.partition("::") if "::" in plain else plain.partition(":")
    known = [*COLUMNS[sheet], *_ALIASES, "bind"]
    found = meant(base, known, 0.75)
    if not found:
        return ""
    found = _ALIASES.get(found, found)
    suffix = f"::{language.strip(':： ')}" if language and found in (*TRANSLATED, "bind") else ""
    return found + suffix if found + suffix != written else ""


@dataclass(frozen=True)
class Type:
    """A question's type: its name, the list or file it chooses from, and whether "other" is offered."""

    name: str
    source: str = ""
    other: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is a type of XLSForm."""
        return self.name in _TYPES


def type_of(written: str) -> Type:
    """The type a cell says; `select one from sex` is `select_one sex`."""
    text = " ".join(written.split())
    underscored = (
        text.replace("begin ", "begin_").replace("end ", "end_") if text.startswith(("begin ", "end ")) else ""
    )
    if underscored in BEGIN + END:
        return Type(underscored)
    if text in _TYPES and text not in SELECTS:
        return Type(text)
    for other in sorted(_OTHER_SELECTS, key=len, reverse=True):
        if text == other or text.startswith(f"{other} "):
            words = text[len(other) :].split()
            with_other = len(words) > 1 and words[-1] == "or_other"
            name = other.replace(" ", "_") if "file" in other else _select(_OTHER_SELECTS[other])
            return Type(name, " ".join(words[:-1] if with_other else words), with_other)
    return Type(text)


def _select(name: str) -> str:
    return {"select one": "select_one", "select all that apply": "select_multiple"}.get(name, name)


def meant_type(written: str) -> str:
    """What to write instead of a type that is not known; "" where nothing is like it."""
    word, _, rest = " ".join(written.replace("　", " ").split()).partition(" ")
    found = _CHINESE.get(word, "") or meant(word, USUAL_TYPES, 0.6)
    return f"{found} {rest}".strip() if found else ""


#: what an operator may write before having met XLSForm
_CHINESE = {
    "文本": "text", "文字": "text", "整数": "integer", "数字": "integer", "小数": "decimal", "日期": "date",
    "时间": "time", "单选": "select_one", "多选": "select_multiple", "排序": "rank", "说明": "note", "提示": "note",
    "计算": "calculate", "图片": "image", "照片": "image", "文件": "file", "条码": "barcode", "string": "text",
    "radio": "select_one", "checkbox": "select_multiple", "number": "integer", "page": "begin_group",
}  # fmt: skip

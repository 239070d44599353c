"""The rows of a survey: types, names, groups within groups, expressions, where answers come from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pyxform.parsing.expression import is_xml_tag

from fleet.catalogue.alike import meant
from fleet.catalogue.xlsform.columns import (
    BEGIN,
    END,
    EXPRESSIONS,
    FROM,
    FROM_FILE,
    SELECTS,
    UNRECORDED,
    USUAL_TYPES,
    YES_NO,
    Type,
    meant_type,
    type_of,
)
from fleet.catalogue.xlsform.expressions import check_expression, references
from fleet.catalogue.xlsform.sheets import FormRow, FormSheet

SOURCES = tuple(f"identity/{one}" for one in ("name", "number", "sex", "birth", "address", "mobile"))
#: what the item itself can fill a form from, and the fault where it cannot
_UNKNOWN = {"situation": "unknown_situation", "paper": "unknown_paper_field"}
_YES = frozenset({"yes", "no", "true", "false", "true()", "false()"})
_CHINESE_YES = {"是": "yes", "否": "no", "必填": "yes", "选填": "no", "√": "yes", "y": "yes", "n": "no", "1": "yes"}
#: characters of a name
NAME_LIMIT = 60
#: types without a label on the screen
SILENT = frozenset({
    "calculate", "hidden", "start", "end", "today", "deviceid", "username", "email", "phonenumber", "simserial",
    "subscriberid", "audit", "csv-external", "xml-external", "start-geopoint", "background-audio",
})  # fmt: skip
#: a default that is computed
_DYNAMIC = re.compile(r"\$\{|(?<![\w-])[A-Za-z][\w-]*+\(")


@dataclass
class Survey:
    """What the rows of a survey say: their types, the path of each question, its names."""

    types: dict[FormRow, Type] = field(default_factory=dict)
    paths: dict[str, FormRow] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    #: names that cannot stay -> what they are called while the rest is tried
    renamed: dict[str, str] = field(default_factory=dict)
    #: a group is not closed, or closed without having begun
    is_broken: bool = False


def read_survey(sheet: FormSheet) -> Survey:
    """Types, names and groups; what is wrong with them is noted and mended."""
    survey = Survey()
    open_groups: list[tuple[FormRow, str, set[str]]] = []
    top = set[str]()
    for row in sheet.rows:
        kind = survey.types[row] = _type(row)
        if kind.name in END:
            began = open_groups.pop()[1] if open_groups else ""
            if not began:
                row.fault("stray_end", "type")
                survey.is_broken = True
            elif began != kind.name.removeprefix("end_"):
                row.fault("wrong_end", "type", meant=f"end_{began}")
                row.mend("type", f"end_{began}")
            continue
        siblings = open_groups[-1][2] if open_groups else top
        name = _name(row, kind, siblings, survey)
        if kind.name in BEGIN:
            open_groups.append((row, kind.name.removeprefix("begin_"), set()))
        if name:
            parents = [group.mended.get("name", group.get("name")) for group, _, _ in open_groups]
            path = parents if kind.name in BEGIN else [*parents, name]
            survey.paths["/data/" + "/".join(path)] = row
    for row, name, _ in open_groups:
        row.fault("unclosed_group", "type", meant=f"end_{name}")
        survey.is_broken = True
    if not sheet.rows:
        sheet.fault("no_questions")
    return survey


def check_rules(sheet: FormSheet, survey: Survey, sources: frozenset[str] | None) -> None:
    """Every expression of the survey; `sources` are what the item can fill it from, None where that is not known."""
    ambiguous = {name for name, times in survey.names.items() if times > 1}
    for row in sheet.rows:
        for base in EXPRESSIONS:
            source = row.get(base)
            if source and not check_expression(row, base, source, survey.names):
                row.mend(base, "0" if base == "calculation" else "")
        for base in YES_NO:
            _check_yes_no(row, base, survey)
        default = row.get("default")
        if default and _DYNAMIC.search(default) and not check_expression(row, "default", default, survey.names):
            row.mend("default", "")
        if survey.types[row].name == "calculate" and not row.get("calculation") and not row.get("default"):
            row.fault("no_calculation", "calculation")
            row.mend("calculation", "0")
        for base in (*EXPRESSIONS, *YES_NO):
            for name in references(row.get(base)):
                if name in ambiguous:
                    row.fault("ambiguous_reference", base, said=f"${{{name}}}")
                    row.mend(base, "")
        _check_source(row, sources)


def _type(row: FormRow) -> Type:
    written = row.get("type")
    if not written:
        row.fault("no_type", "type")
        row.mend("type", "text")
        return Type("text")
    kind = type_of(written)
    if not kind.is_known:
        likely = meant_type(written)
        row.fault("misspelt_type" if likely else "unknown_type", "type", meant=likely, allowed=" ".join(USUAL_TYPES))
        guessed = type_of(likely) if likely else Type("text")
        if guessed.name in BEGIN + END:
            row.mend("type", likely)
            return guessed
        row.mend("type", "text")
        return Type("text")
    if kind.name in UNRECORDED:
        row.fault("cannot_record", "type")
        row.mend("type", "text")
        return Type("text")
    if kind.name in SELECTS + FROM_FILE and not kind.source:
        row.fault("select_without_list", "type")
        row.mend("type", "text")
        return Type("text")
    return kind


def _name(row: FormRow, kind: Type, siblings: set[str], survey: Survey) -> str:
    """The row's name, made up where it cannot stay; "" for a note that needs none."""
    name, made_up = row.get("name"), f"row_{row.number}"
    if not name:
        if kind.name in ("note", "audit"):
            return ""
        row.fault("no_name", "name")
    elif len(name) > NAME_LIMIT or not is_xml_tag(name) or ":" in name or name.lower() == "meta":
        row.fault("reserved_name" if name.lower() == "meta" else "bad_name", "name")
        survey.names[name] += 1
        survey.renamed[name] = made_up
    elif name.lower() in siblings:
        row.fault("name_twice", "name")
    else:
        siblings.add(name.lower())
        survey.names[name] += 1
        return name
    row.mend("name", made_up)
    return made_up


def _check_yes_no(row: FormRow, base: str, survey: Survey) -> None:
    said = row.get(base)
    if not said or said.lower() in _YES:
        return
    if said.lower() in _CHINESE_YES:
        row.fault("not_yes_no", base, better=_CHINESE_YES[said.lower()])
        row.mend(base, "")
    elif not check_expression(row, base, said, survey.names):
        row.mend(base, "")


def _check_source(row: FormRow, sources: frozenset[str] | None) -> None:
    source = row.get(FROM)
    if not source or source in SOURCES:
        return
    kind, _, rest = source.partition("/")
    if kind not in _UNKNOWN or not rest:
        row.fault("unknown_source", FROM, meant=meant(source, SOURCES) or "identity/name", allowed=" ".join(SOURCES))
    elif sources is not None and source not in sources:
        same = sorted(each.removeprefix(f"{kind}/") for each in sources if each.startswith(f"{kind}/"))
        row.fault(_UNKNOWN[kind], FROM, said=rest, allowed=" ".join(same) or "—")

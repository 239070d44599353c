"""One run of a form: answers, pages, and the finished instance."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.forms import kinds, saving
from kiosk.forms.body import part
from kiosk.forms.budget import Budget
from kiosk.forms.checks import Checks, Refusal
from kiosk.forms.declaration import Declaration
from kiosk.forms.definition import FormDefinition
from kiosk.forms.errors import Incomplete, UnknownQuestion
from kiosk.forms.finishing import finished_answers, instance_xml
from kiosk.forms.instance import Instance
from kiosk.forms.node import Node
from kiosk.forms.page import Choice, Page, RepeatPage
from kiosk.forms.showing import Shown, Stop
from kiosk.forms.xpath.values import iso_date_time

_STEP = re.compile(r"([^\[\]]+)(?:\[([0-9]{1,6})\])?")


@dataclass(frozen=True)
class Finished:
    """A completed form: the XForms instance, and each relevant answer as (path, label, value, shown).

    Calculations nobody is asked come last, with no label.
    """

    instance: bytes
    answers: tuple[tuple[str, str, str, str], ...]


class FormSession:
    """A form being filled in. Not thread-safe; one session belongs to one visit.

    Paths name nodes as XPath does, with positions where they repeat: /data/child[2]/name.
    """

    def __init__(
        self, form: FormDefinition, language: str, prefill: Mapping[str, str], properties: Mapping[str, str]
    ) -> None:
        self.form = form
        self._language = form.texts.resolve(language)
        self.budget = Budget()
        self._seed = random.randrange(1, 2**31 - 1)
        self._instance = Instance(form, self)
        self._show = Shown(form, self._instance.root, self)
        self._checks = Checks(self._show, self)
        self._page, self._ended = "", False
        #: pages as they stood when the session came to this one
        self._order: list[str] = []
        self._preload(properties)
        self._instance.compute_all()
        self._instance.run(form.first_actions)
        self._prefill(prefill, readonly_only=False)

    # the world of its expressions

    @property
    def root(self) -> Node:
        """The root node of the instance."""
        return self._instance.root

    @property
    def language(self) -> str:
        """The language shown, by the form's own name of it."""
        return self._language

    @language.setter
    def language(self, language: str) -> None:
        name = self.form.texts.resolve(language)
        if name != self._language:
            self._language = name
            self._instance.compute_all()

    def choice_label(self, node: Node, value: str) -> str:
        """The label of a select's choice."""
        asked = node.declaration.question
        return self._show.label_of(asked, node, value) if asked else ""

    def itext(self, identifier: str) -> str:
        """A text of the form."""
        return self.form.texts.plain(identifier, self._language)

    def seed(self) -> float:
        """What unseeded lists are shuffled by: once a session, so that no list moves under anybody's finger."""
        return float(self._seed)

    # beginning

    def _preload(self, properties: Mapping[str, str]) -> None:
        now = datetime.now()
        for node in self.root.everything():
            match node.declaration.rules.preload:
                case ("uid", _):
                    node.value = f"uuid:{uuid.uuid4()}"
                case ("timestamp", "start"):
                    node.value = iso_date_time(now)
                case ("date", "today"):
                    node.value = date.today().isoformat()
                case ("property", name):
                    node.value = properties.get(name.replace(" ", ""), "")

    def _prefill(self, prefill: Mapping[str, str], readonly_only: bool) -> None:
        for node in list(self.root.everything()):
            source = node.declaration.rules.source
            if source not in prefill or node.children:
                continue
            if readonly_only and not self._is_readonly(node):
                continue
            self._fill(node, prefill[source])

    def _fill(self, node: Node, known: str) -> None:
        value = kinds.UNWRITABLE.sub("", known)
        if value and node.declaration.question is not None and self._checks.malformed(node, value):
            value = ""  # what cannot be an answer is asked for
        self._instance.set(node, value)
        node.prefilled = bool(value)
        node.confirmed = self._is_readonly(node) or not value

    def refill(self, prefill: Mapping[str, str]) -> None:
        """Take prefilled answers that cannot be changed in the form (readonly) anew; typed ones stay."""
        self._prefill(prefill, readonly_only=True)

    def propose(self, prefill: Mapping[str, str]) -> None:
        """Offer answers that became known meanwhile: where there is none, or one was offered that nobody confirmed."""
        for node in list(self.root.everything()):
            source = node.declaration.rules.source
            if source in prefill and not node.children and (not node.value or (node.prefilled and not node.confirmed)):
                self._fill(node, prefill[source])

    def serialise(self) -> bytes:
        """All of the session but its language, as JSON; `Form.restore` takes it back."""
        return saving.saved(self.form, self.root, self._page, self._ended, self._seed)

    @classmethod
    def restored(cls, form: FormDefinition, saved: bytes, language: str, other_version: bool) -> FormSession:
        """See `Form.restore`."""
        session = cls(form, language, {}, {})
        state = saving.read(form, saved, other_version)
        saving.take(session._instance, state["values"], state["unconfirmed"], state["drafts"])
        session._seed = state["seed"]
        session._page, session._ended = state["page"], state["ended"]
        session._instance.compute_all()
        return session

    # pages

    def pages(self) -> tuple[Page | RepeatPage, ...]:
        """Every page that has something relevant now, in order."""
        return tuple(map(self._show.page, self._show.stops()))

    @property
    def page(self) -> Page | RepeatPage | None:
        """The page the session stands on; None after the last."""
        stops = self._show.stops()
        if self._ended or not stops:
            return None
        return self._show.page(stops[self._standing(stops)])

    @property
    def progress(self) -> tuple[int, int]:
        """How many pages lie before this one, and how many there are by what is known now."""
        stops = self._show.stops()
        return (len(stops) if self._ended or not stops else self._standing(stops)), len(stops)

    def forward(self) -> Page | RepeatPage | None:
        """Go to the next relevant page; None when the form's end is reached. Does not check answers."""
        stops = self._show.stops()
        following = self._standing(stops) + 1 if stops else 0
        if following < len(stops):
            self._stand(stops, following)
        else:
            self._ended = True
        return self.page

    def back(self) -> Page | RepeatPage | None:
        """Go to the previous relevant page; None when already on the first."""
        stops = self._show.stops()
        if self._ended and stops:
            self._stand(stops, len(stops) - 1)
            return self.page
        place = self._standing(stops) if stops else 0
        if place == 0:
            return None
        self._stand(stops, place - 1)
        return self.page

    def go_to(self, path: str) -> Page | RepeatPage | None:
        """Go to the page of a question, or of a repeat's list, or to the first page of an instance of a repeat.

        Raises UnknownQuestion where no page shows it.
        """
        stops = self._show.stops()
        exact = [stop for stop in stops if path == stop.path or any(node.path == path for node in stop.nodes)]
        within = [stop for stop in stops if path.endswith("]") and stop.path.startswith(f"{path}/")]
        wanted = _plain(path)
        loose = [stop for stop in stops if any(_plain(node.path) == wanted for node in stop.nodes)]
        for stop in exact or within or loose:
            self._stand(stops, stops.index(stop))
            return self.page
        raise UnknownQuestion(path)

    def _stand(self, stops: list[Stop], place: int) -> None:
        self._page, self._ended = stops[place].path, False
        self._order = [stop.path for stop in stops[: place + 1]]

    def _standing(self, stops: list[Stop]) -> int:
        """Where the session stands; on the page before it where that is hidden by now."""
        places = {stop.path: place for place, stop in enumerate(stops)}
        if self._page in places:
            return places[self._page]
        return next((places[path] for path in reversed(self._order) if path in places), 0)

    # answers

    def node(self, path: str) -> Node:
        """The node at a path; a position left out is the only one's, or the first's. Raises UnknownQuestion."""
        node = None
        for step in path.strip("/").split("/"):
            found = _STEP.fullmatch(step)
            name, place = (found.group(1), int(found.group(2) or 1)) if found else ("", 0)
            siblings = [self.root] if node is None else node.children
            same = [one for one in siblings if one.name == name]
            if not 1 <= place <= len(same):
                raise UnknownQuestion(path)
            node = same[place - 1]
        assert node is not None
        return node

    def answer(self, path: str, value: str) -> Refusal | None:
        """Answer a question; "" takes the answer back. A refused answer leaves the form as it was.

        Raises UnknownQuestion for a path that is no question or may not be changed.
        """
        node = self.node(path)
        asked, rules = node.declaration.question, node.declaration.rules
        if asked is None or asked.kind == "note" or rules.calculate is not None or self._is_readonly(node):
            raise UnknownQuestion(path)
        value = kinds.tidy(asked.kind, value)
        refusal = self._checks.refusal(node, value) if value else None
        if refusal is not None:
            return refusal
        self._instance.set(node, value)
        node.confirmed, node.draft = True, None
        return None

    def keep(self, path: str, draft: str) -> None:
        """Keep what is written at a question and is no answer (yet): half a number, refused text.

        It is shown again as the question's `draft`, saved and restored, and a problem of its page until an answer is
        taken there. Raises UnknownQuestion.
        """
        self.node(path).draft = draft

    def confirm(self, path: str) -> None:
        """Say yes to a prefilled answer as it stands. Raises UnknownQuestion."""
        self.node(path).confirmed = True

    def search(self, path: str, text: str, limit: int = 50) -> tuple[Choice, ...]:
        """Choices of a question whose label or value holds `text`, in the list's order; all of them for "".

        Raises UnknownQuestion.
        """
        node = self.node(path)
        asked = node.declaration.question
        if asked is None or not asked.selects:
            raise UnknownQuestion(path)
        wanted, found = text.strip().casefold(), []
        if asked.itemset is None:
            offered = self._show.question(node).choices
            return tuple(one for one in offered if wanted in one.label.casefold() or wanted in one.value)[:limit]
        for row in asked.itemset.rows(node, self):
            label = asked.itemset.label_of(row, node, self)
            if wanted in label.casefold() or wanted == part(row, asked.itemset.value):
                found.append(self._show.choice(asked, row, node))
                if len(found) == limit:
                    break
        return tuple(found)

    def value(self, path: str) -> str:
        """The effective answer: "" where the question is not relevant."""
        return self.node(path).text

    # repeats

    def add_repeat(self, path: str) -> Page | RepeatPage | None:
        """One more instance of the repeat at `path` (/data/child); the session stands on its first page then.

        Raises UnknownQuestion where nothing can be added, TooManyRepeats beyond the engine's limit.
        """
        above, declaration = self._repeat(path)
        node = self._instance.add(above, declaration)
        self._instance.added(node)
        return self.go_to(node.path)

    def remove_repeat(self, path: str) -> Page | RepeatPage | None:
        """Take the instance at `path` (/data/child[2]) away; the session stands on the repeat's list then.

        Raises UnknownQuestion where nothing can be removed.
        """
        node = self.node(path)
        assert node.parent is not None
        list_path = f"{node.parent.path}/{node.name}"
        _, declaration = self._repeat(list_path)
        if node.declaration is not declaration:
            raise UnknownQuestion(path)
        self._instance.removed(node)
        return self.go_to(list_path)

    def _repeat(self, path: str) -> tuple[Node, Declaration]:
        parent, _, name = path.rpartition("/")
        above = self.node(parent) if parent else self.root
        declaration = above.declaration.children.get(name.partition("[")[0])
        if declaration is None or declaration.repeat is None or not above.relevant:
            raise UnknownQuestion(path)
        if declaration.repeat.count is not None or declaration.repeat.fixed:
            raise UnknownQuestion(path)
        return above, declaration

    # problems and the end

    def problems(self, page: Page | RepeatPage | None = None) -> dict[str, str]:
        """What keeps `page` (default: the current) from being left: path -> the form's message, "" if it has none."""
        page = page or self.page
        return self._checks.problems(self.node(question.path) for question in page.questions) if page else {}

    def finish(self) -> Finished:
        """The completed form. Raises Incomplete naming every question that is not answered well."""
        asked = [node for stop in self._show.stops() for node in stop.nodes]
        problems = self._checks.problems(asked)
        if problems:
            raise Incomplete(problems)
        for node in self.root.everything():
            if node.declaration.rules.preload == ("timestamp", "end"):
                self._instance.set(node, iso_date_time(datetime.now()))
        questions = [self._show.question(node) for node in asked]
        return Finished(instance_xml(self.form, self.root), finished_answers(questions, self.root))

    def _is_readonly(self, node: Node) -> bool:
        readonly = node.declaration.rules.readonly
        return readonly is not None and readonly.truth(node, self)


def _plain(path: str) -> str:
    """A path with every position of 1 left out, to compare by."""
    return path.replace("[1]", "")

"""One visitor after another: holds the current step and the visit, and what is the same on every page."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from contract.codes import LoginWay
from contract.identity import Person
from contract.items import ServiceItem
from drivers.id_card.events import CardFailed, CardRead, CardRemoved
from kiosk.journey import intents
from kiosk.journey.events import Health, Then, Tick
from kiosk.journey.parts import Parts
from kiosk.journey.route import Stop, parts, route
from kiosk.journey.step import IDLE_LEAVES, IDLE_SECONDS, Step
from kiosk.journey.views import Chrome, Notice, Snapshot
from kiosk.journey.views import Step as StepLine
from kiosk.journey.visit_state import VisitState
from kiosk.words import say
from offline_cache.errors import CacheFull, NoRelease
from offline_cache.releases import InstalledRelease
from offline_cache.visits import Visit

log = logging.getLogger(__name__)


class Journey:
    """The state machine of a terminal. Not thread-safe: everything happens on the terminal's thread."""

    def __init__(self, parts: Parts, steps: Mapping[str, type[Step]]) -> None:
        """`steps` names every step; the terminal opens with "attract"."""
        self.parts = parts
        self._steps = steps
        self.language, self.care = "zh", False
        self.state = VisitState()
        self.visit: Visit | None = None
        self.release: InstalledRelease | None = None
        self.card_present = False
        self.can_print = True
        #: visits that are over and could not be ended on the disk yet
        self._to_end: list[str] = []
        self._notice: Notice | None = None
        self._touched = time.monotonic()
        self._network = "unknown"
        self._release_name = ""
        self.step: Step = self.make("attract")
        self.look_for_release()
        self.step.enter()

    # what comes in

    def handle(self, event: object) -> None:
        """Take one event. What is expected (a full disk, a form that does not load) becomes a page."""
        self._attempt(lambda: self._take(event))

    def _take(self, event: object) -> None:
        if isinstance(event, Then):
            event.run()
        else:
            self._follow(self._general(event) or (None if self._answered_here(event) else self.step.handle(event)))

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CacheFull:
            log.error("the disk is full")
            self._follow(self.make("trouble", kind="disk_full"))
        except NoRelease as error:
            log.error("the release cannot be read: %s", error)
            self._follow(self.make("trouble", kind="form"))

    def _general(self, event: object) -> Step | None:
        """What means the same on every page."""
        match event:
            case CardRead() | CardFailed():
                self.card_present = True
            case CardRemoved():
                self.card_present = False
            case Health():
                self.can_print = event.can_print
                self._tell_devices(event)
            case Tick():
                self._network = self.parts.cache.facts.ask("network", "unknown")
                self._end_visits()
                return self._watch_idle()
            case intents.SetLanguage():
                self.language = event.language
                if self.state.form:
                    self.state.form.language = event.language
            case intents.SetCare():
                self.care = event.on
            case intents.Leave():
                title, line = say("leave.title", self.language), say("leave.line", self.language)
                self._notice = Notice("leave", title, line)
            case intents.AskHelp():
                phone = self.parts.settings.phone
                title, line = say("help.title", self.language), say("help.line", self.language, phone=phone)
                self._notice = Notice("help", title, line)
            case intents.Stay():
                self._notice = None
            case intents.LeaveNow():
                self._notice = None
                return self.make("farewell")
        if isinstance(event, intents.Intent):
            self._touched = time.monotonic()
        return None

    def _answered_here(self, event: object) -> bool:
        kinds = (intents.SetLanguage, intents.SetCare, intents.Leave, intents.AskHelp, intents.Stay, Health)
        return isinstance(event, kinds)

    def _watch_idle(self) -> Step | None:
        limit = self.step.idle
        silent = time.monotonic() - self._touched
        if limit is None and self.visit is None and silent > IDLE_SECONDS:
            self.be_as_new()
        if limit is None or silent < limit:
            if self._notice and self._notice.kind == "idle":
                self._notice = None
            return None
        left = limit + IDLE_LEAVES - int(silent)
        if left <= 0:
            self._notice = None
            log.info("nobody is here any more")
            return self.make("farewell")
        self._notice = Notice("idle", say("idle.title", self.language), say("idle.line", self.language), left)
        return None

    def _follow(self, step: Step | None) -> None:
        while step is not None and step is not self.step:
            self.step.leave()
            self.step = step
            self._touched = time.monotonic()
            log.info("step: %s", type(step).__name__)
            try:
                step.enter()
                step = None
            except CacheFull:
                step = self.make("trouble", kind="disk_full")
            except NoRelease as error:
                log.error("the release cannot be read: %s", error)
                step = self.make("trouble", kind="form")

    def make(self, name: str, **options: Any) -> Step:
        """A new step by its name; so steps lead to each other and none imports another."""
        return self._steps[name](self, **options)

    def go(self, step: Step) -> None:
        """Change to `step` from a job's result."""
        self._follow(step)

    # the visit

    def begin_visit(self, person: Person, login: LoginWay) -> None:
        """Somebody is known: a visit with its own key begins. Raises CacheFull."""
        self.visit = self.parts.cache.visits.begin()
        self.state = VisitState(person=person, login=login)

    def save(self) -> None:
        """The savepoint. Raises CacheFull."""
        if self.visit:
            self.parts.cache.visits.save(self.visit, self.state.serialise())

    def end_visit(self) -> None:
        """The citizen has gone: forget everything here; the agent shreds the rest once it is delivered."""
        if self.visit:
            self._to_end.append(self.visit.id)
        self.visit = None
        self.state = VisitState()
        self.be_as_new()
        self._end_visits()

    def be_as_new(self) -> None:
        """What a citizen chose for the screen does not meet the next one."""
        self.language, self.care = "zh", False
        self._notice = None

    def _end_visits(self) -> None:
        """On the disk, too; a full one is tried again, and a start ends what was left open."""
        try:
            while self._to_end:
                self.parts.cache.visits.end(self._to_end[0])
                self._to_end.pop(0)
        except CacheFull:
            log.error("the disk is full: the visit is ended later")

    def _tell_devices(self, event: Health) -> None:
        try:
            self.parts.cache.facts.tell("devices", event.devices)
        except CacheFull:
            # nobody's work is lost by this
            log.error("the disk is full: the devices' health is not noted")

    @property
    def item(self) -> ServiceItem:
        """The item of this visit."""
        return self.installed.items[self.state.item]

    @property
    def installed(self) -> InstalledRelease:
        """The release in use. Raises NoRelease."""
        if self.release is None:
            raise NoRelease("no release is installed")
        return self.release

    def look_for_release(self) -> None:
        """Take up a newer release; only called while nobody is here."""
        try:
            link = InstalledRelease.current_name(self.parts.cache.data)
            if link != self._release_name:
                self.release = InstalledRelease.current(self.parts.cache.data)
                self._release_name = link
        except NoRelease as error:
            if self.release is None:
                log.debug("no release yet: %s", error)

    # the way

    def after(self, stop: Stop | None) -> Step:
        """The step after `stop` (None: after the guide); the submission after the last."""
        stops = route(self.item, self.state.situations)
        place = stops.index(stop) + 1 if stop in stops else 0
        return self.at(stops[place]) if place < len(stops) else self.make("done")

    def before(self, stop: Stop) -> Step:
        """The step before `stop`; the guide before the first."""
        stops = route(self.item, self.state.situations)
        place = stops.index(stop) - 1
        return self.at(stops[place], backwards=True) if place >= 0 else self.make("guide", code=self.state.item)

    def at(self, stop: Stop, backwards: bool = False) -> Step:
        """The step of a stop."""
        return self.make(stop.kind, stop=stop, backwards=backwards)

    # what goes out

    def snapshot(self) -> Snapshot:
        """Everything on the screen now."""
        back, forward, enabled = self.step.buttons()
        settings = self.parts.settings
        chrome = Chrome(
            hall=settings.hall.in_language(self.language),
            terminal=say("chrome.terminal", self.language, label=settings.label),
            freshness=self._freshness(),
            language=self.language,
            care=self.care,
            network=self._network,  # type: ignore[arg-type]
            step=self._step_line(),
            back=say(back, self.language) if back else "",
            forward=say(forward, self.language) if forward else "",
            forward_enabled=enabled,
        )
        return Snapshot(chrome, self.step.view(), self._notice)

    def _step_line(self) -> StepLine | None:
        if not self.step.part or not self.state.item:
            return None
        names = parts(self.item, self.state.situations)
        if len(names) == 1:
            return None
        number = names.index(self.step.part) + 1 if self.step.part in names else len(names)
        return StepLine(number, len(names), say(f"step.{names[number - 1]}", self.language))

    def _freshness(self) -> str:
        if self.release is None:
            return ""
        published = self.release.about.published_at.astimezone()
        if published.date() == datetime.now().astimezone().date():
            return say("chrome.fresh_today", self.language, time=f"{published:%H:%M}")
        return say("chrome.fresh_day", self.language, month=published.month, day=published.day)

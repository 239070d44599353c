"""One visitor after another: holds the current step and the visit, and what is the same on every page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

from contract.codes import LoginWay
from contract.items import ServiceItem
from contract.logins import Purpose
from drivers.id_card.events import CardFailed, CardRead, CardRemoved
from drivers.smart_card import events as smart_card
from drivers.sound import PromptEnded, PromptFailed
from kiosk.identity import Proof
from kiosk.identity.assurance import FOR_COMPANIES
from kiosk.journey import intents
from kiosk.journey.admission import Admission
from kiosk.journey.chrome import chrome
from kiosk.journey.eligibility import obstacle
from kiosk.journey.events import Health, Then, Tick
from kiosk.journey.offers import look_for_offers, offered
from kiosk.journey.parts import Parts
from kiosk.journey.route import Stop, route
from kiosk.journey.speech import Speech
from kiosk.journey.step import Step
from kiosk.journey.views import Notice, Snapshot
from kiosk.journey.visit_state import VisitState
from kiosk.journey.watch import Asks, Ends, Watch
from kiosk.words import say
from offline_cache.audit import Event
from offline_cache.errors import CacheFull, MaterialMissing, NoRelease
from offline_cache.releases import InstalledRelease
from offline_cache.visit_rules import VisitRules
from offline_cache.visits import Visit

log = logging.getLogger(__name__)

#: seconds the sync agent's word about the network is believed: it gives it four times in them, unless it died
NETWORK_SECONDS = 60.0

#: what no step is asked about
_ANSWERED_HERE = (
    intents.SetLanguage, intents.SetCare, intents.Leave, intents.AskHelp, intents.Stay, intents.ReadAloud,
    intents.StopReading, PromptEnded, PromptFailed, Health,
)  # fmt: skip


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
        self.smart_card_present = False
        self.can_print, self.print_low = True, False
        self.watch = Watch(self.rules)
        self.speech = Speech(parts)
        #: visits that are over and could not be ended on the disk yet
        self._to_end: list[tuple[str, str]] = []
        #: why the visit ends, in the words of the rules' [ends]
        self._ends_by = "leave"
        self._devices: dict[str, str] = {}
        self._notice: Notice | None = None
        self._network = "unknown"
        self._release_name = self._unreadable = ""
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
            self._follow(
                self._general(event) or (None if isinstance(event, _ANSWERED_HERE) else self.step.handle(event))
            )
        if self.speech.reading:
            # what the page no longer shows is not read on, nor what a notice covers
            self.speech.follow(() if self._notice else self.step.view().spoken)

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
                return self._card_again(event)
            case CardRemoved():
                self.card_present = False
                self._silence_without_card()
                self._card_lifted()
            case smart_card.CardInserted():
                self.smart_card_present = True
            case smart_card.CardRemoved():
                self.smart_card_present = False
                self._silence_without_card()
            case Health():
                tray = self.parts.cache.tray
                self.can_print = event.can_print and tray.left != 0
                self.print_low = event.print_low or tray.low
                self._tell_devices(event)
            case Tick():
                self._network = self.parts.cache.facts.ask("network", "unknown", within=NETWORK_SECONDS)
                self._end_visits()
                return self._look_after_end()
            case intents.SetLanguage():
                self.language = event.language
                if self.state.form:
                    self.state.form.language = event.language
            case intents.SetCare():
                self.care = event.on
            case intents.ReadAloud():
                self.speech.begin(self.step.view().spoken, slow=self.care)
            case intents.StopReading():
                self.speech.stop()
            case PromptEnded() | PromptFailed() if self.speech.take(event):
                # who listens touches nothing
                self.watch.touched()
            case intents.Leave():
                self._notice = self._notice_of("leave")
            case intents.AskHelp():
                self._notice = self._notice_of("help", phone=self.parts.settings.phone)
            case intents.Stay():
                self._notice = None
                self.watch.told()
            case intents.LeaveNow():
                return self.leave("leave")
            case intents.SaveForLater() if self.may_save:
                self._notice = None
                return self.make("save_for_later", back_to=self.step)
        if isinstance(event, intents.Intent):
            self.watch.touched()
        return None

    # the end of a visit

    def leave(self, reason: str) -> Step:
        """The visit is over, for a reason of the rules' table."""
        log.info("visit ends: %s", self.rules.ends[reason])
        self._ends_by = reason
        self._notice = None
        return self.make("farewell")

    def _look_after_end(self) -> Step | None:
        page = self.rules.page(self.step.name)
        if not page.idle and self.visit is None and self.watch.silent > self.rules.page("default").idle:
            self.be_as_new()
        said = self.watch.look(page)
        if isinstance(said, Ends):
            return self.leave(said.reason)
        if isinstance(said, Asks):
            self._notice = self._notice_of(said.kind, said.seconds, minutes=self.rules.longest // 60)
        elif self._notice and self._notice.kind not in ("leave", "help"):
            self._notice = None
        return None

    def _notice_of(
        self, kind: Literal["leave", "help", "idle", "longest", "card"], seconds: int | None = None, **values: object
    ) -> Notice:
        saves = kind == "leave" and self.may_save
        title = say(f"{kind}.title", self.language)
        line = say("leave.line_or_save" if saves else f"{kind}.line", self.language, **values)
        return Notice(kind, title, line, seconds, saves)

    def _card_lifted(self) -> None:
        """Where the site wants the card to stay, lifting the one that began the visit ends it after a while."""
        stays = self.rules.site.card_stays and self.state.login is LoginWay.ID_CARD
        if self.visit and stays and self.step.name not in self.rules.card_may_leave_on:
            self.watch.card_lifted()

    def _silence_without_card(self) -> None:
        """Who takes the card in the middle goes away."""
        if self.step.name not in self.rules.card_may_leave_on:
            self.speech.stop()

    def _card_again(self, event: CardRead | CardFailed) -> Step | None:
        """While the card that must stay is away: one that was read in this visit goes on, another one ends it."""
        if not self.watch.waits_for_card:
            return None
        if isinstance(event, CardRead) and event.card.number in self.state.cards:
            self.watch.card_back()
            self._notice = None
            return None
        return self.leave("card") if isinstance(event, CardRead) else None

    def _follow(self, step: Step | None) -> None:
        while step is not None and step is not self.step:
            self.speech.stop()
            self.step.leave()
            self.step = step
            self.watch.touched()
            if not self.card_present and not self.watch.waits_for_card:
                # lifted where it may be, and this is no such page
                self._card_lifted()
            log.info("step: %s", step.name)
            try:
                step.enter()
                step = None
            except CacheFull:
                step = self.make("trouble", kind="disk_full")
            except MaterialMissing:
                log.error("a paper of the case is not in the store")
                step = self.make("trouble", kind="paper_lost")
            except NoRelease as error:
                log.error("the release cannot be read: %s", error)
                step = self.make("trouble", kind="form")

    def make(self, name: str, **options: Any) -> Step:
        """A new step by its name; so steps lead to each other and none imports another."""
        step = self._steps[name](self, **options)
        step.name, step.made_with = name, options
        return step

    def go(self, step: Step) -> None:
        """Change to `step` from a job's result."""
        self._follow(step)

    # the visit

    def begin_visit(self, proof: Proof) -> None:
        """Somebody is known: a visit with its own key begins. Raises CacheFull."""
        self.visit = self.parts.cache.visits.begin()
        self.state = VisitState.of(proof)
        self.watch.begin()

    def save(self) -> None:
        """The savepoint. Raises CacheFull."""
        if self.visit:
            self.parts.cache.visits.save(self.visit, self.state.serialise())

    def drop(self, digest: str) -> None:
        """Forget the bytes of a material or page, unless another is the same. Raises CacheFull."""
        if self.visit and not self.state.holds(digest):
            self.parts.cache.visits.drop_material(self.visit, digest)

    def end_visit(self) -> None:
        """The citizen has gone: forget everything here; the agent shreds the rest once it is delivered."""
        if self.visit:
            self._to_end.append((self.visit.id, self._ends_by))
            # what was read lies in the reader's memory, too
            self.parts.jobs(self.parts.reader.stop, lambda _: None)
        self.visit = None
        self.state = VisitState()
        self.watch.end()
        self.be_as_new()
        self._end_visits()

    def be_as_new(self) -> None:
        """What a citizen chose for the screen does not meet the next one."""
        self.language, self.care = "zh", False
        self._notice = None

    def _end_visits(self) -> None:
        """On the disk, too; a full one is tried again, and a start ends what was left open."""
        try:
            self.parts.cache.clock.note()
            while self._to_end:
                self.parts.cache.visits.end(*self._to_end[0])
                self._to_end.pop(0)
        except CacheFull:
            log.error("the disk is full: the visit is ended later")

    def _tell_devices(self, event: Health) -> None:
        try:
            self.parts.cache.facts.tell("devices", event.devices)
            for name, report in event.devices.items():
                state = str(report["device"])
                if self._devices.get(name) != state:
                    self.parts.cache.audit.note(Event.DEVICE_CHANGED, device=name, state=state)
                    self._devices[name] = state
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
        link = InstalledRelease.current_name(self.parts.cache.data)
        try:
            if link != self._release_name:
                self.release = InstalledRelease.current(self.parts.cache.data)
                self._release_name = link
        except NoRelease as error:
            if link and link != self._unreadable:
                self._tell_unreadable(link, error)
            elif self.release is None:
                log.debug("no release yet: %s", error)

    def _tell_unreadable(self, name: str, error: NoRelease) -> None:
        """To the sync agent, which goes back to the last good release; once for each."""
        log.error("release %s does not load: %s", name, error)
        try:
            self.parts.cache.facts.tell("release_unreadable", name)
            self._unreadable = name
        except CacheFull:
            log.error("the disk is full: that the release does not load is not noted")

    @property
    def rules(self) -> VisitRules:
        """The rules of a visit at this site."""
        return self.parts.settings.rules

    # the way

    def into_item(self) -> Step:
        """From the guide into the item, or to what must come before: who applies, and how surely we know them."""
        item = self.item
        match obstacle(item, self.state, self.rules.site):
            case None:
                stop, self.state.resume_at = self.state.resume_at, None
                return self.at(stop) if stop else self.after(None)
            case "offline" | "not_sure_enough":
                needed = max(item.assurance, self.state.assurance)
                return Admission(Purpose.STEP_UP, needed, item.task_code).begin(self)
            case "only_companies":
                return self.to_companies(item.task_code)
            case kind:
                return self.make("trouble", kind=kind)

    def to_companies(self, then: str = "") -> Step:
        """To the companies this person may act for, once it is sure enough who asks; then to the item `then`."""
        if self.state.assurance >= FOR_COMPANIES:
            return self.make("company", then=then)
        return Admission(Purpose.STEP_UP, FOR_COMPANIES, then, for_company=True).begin(self)

    def after(self, stop: Stop | None) -> Step:
        """The step after `stop` (None: after the guide); the submission after the last."""
        stops = route(self.item, self.state.facts, self.state.later)
        place = stops.index(stop) + 1 if stop in stops else 0
        return self.at(stops[place]) if place < len(stops) else self.make("done")

    def before(self, stop: Stop) -> Step:
        """The step before `stop`; the guide before the first."""
        stops = route(self.item, self.state.facts, self.state.later)
        place = stops.index(stop) - 1
        return self.at(stops[place], backwards=True) if place >= 0 else self.make("guide", code=self.state.item)

    def at(self, stop: Stop, backwards: bool = False, **options: Any) -> Step:
        """The step of a stop. A material that the platform has is shown before it is scanned."""
        if stop.kind in ("form", "scan"):
            look_for_offers(self)
        held = stop.kind == "scan" and offered(self, stop)
        return self.make("held_paper" if held else stop.kind, stop=stop, backwards=backwards, **options)

    @property
    def may_save(self) -> bool:
        """Whether what is there so far can be saved to be finished later: at a stop of an item that has a form."""
        at_stop = isinstance(self.step.made_with.get("stop"), Stop)
        return bool(at_stop and self.visit and self.item.form and self.rules.site.saved_days)

    def again(self, step: Step) -> Step:
        """The page of `step`, which was left, once more as it was."""
        return self.make(step.name, **{**step.made_with, "backwards": False})

    # what goes out

    @property
    def network(self) -> str:
        """online, offline or unknown, as the sync agent sees it."""
        return str(self._network)

    def snapshot(self) -> Snapshot:
        """Everything on the screen now."""
        view = self.step.view()
        return Snapshot(chrome(self, view), view, self._notice)

"""The whole window: bars, the page of the view, the keyboard, and a notice over everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.journey import source_views, views
from kiosk.journey.intents import Intent
from screens.attract import AttractPage
from screens.check import CheckPage
from screens.code_login import CodeLoginPage
from screens.commitment import CommitmentPage
from screens.document_scanner import ScannerPage
from screens.done import DonePage
from screens.face import FacePage
from screens.farewell import FarewellPage
from screens.guide import GuidePage
from screens.held import HeldPage
from screens.home import HomePage
from screens.items import ItemsPage
from screens.keyboard_tray import KeyboardTray
from screens.login import LoginPage
from screens.page import Page, rules
from screens.phone_login import PhoneLoginPage
from screens.phone_upload import PhoneUploadPage
from screens.question import QuestionPage
from screens.repeat import RepeatPage
from screens.saved import SavedPage
from screens.scan import ScanPage
from screens.sign import SignPage
from screens.situation import SituationPage
from screens.smart_card import SmartCardPage
from screens.theme import theme
from screens.trouble import TroublePage
from screens.usb_stick import StickPage
from screens.widgets.more_strip import MoreStrip
from screens.widgets.notice import NoticeOverlay

PAGES: dict[type[views.View], type[Page]] = {
    views.AttractView: AttractPage,
    views.LoginView: LoginPage,
    views.SmartCardView: SmartCardPage,
    views.CodeLoginView: CodeLoginPage,
    views.PhoneLoginView: PhoneLoginPage,
    source_views.PhoneUploadView: PhoneUploadPage,
    source_views.StickView: StickPage,
    source_views.ScannerView: ScannerPage,
    views.FaceView: FacePage,
    views.HomeView: HomePage,
    views.ItemsView: ItemsPage,
    views.GuideView: GuidePage,
    views.SituationView: SituationPage,
    views.QuestionView: QuestionPage,
    views.RepeatView: RepeatPage,
    views.ScanView: ScanPage,
    views.HeldView: HeldPage,
    views.CommitmentView: CommitmentPage,
    views.SignView: SignPage,
    views.CheckView: CheckPage,
    views.SavedView: SavedPage,
    views.DoneView: DonePage,
    views.FarewellView: FarewellPage,
    views.TroubleView: TroublePage,
}


class Stage(FloatLayout):
    """Shows snapshots. One instance of each page is kept; a page that is left forgets its content."""

    chrome = ObjectProperty(views.Chrome("", "", ""), rebind=True)
    clock = StringProperty("")
    bare = BooleanProperty(True)
    send = ObjectProperty(None)

    def __init__(self, send: Callable[[Intent], None]) -> None:
        super().__init__(send=send)
        self.tray = KeyboardTray()
        column: BoxLayout = self.ids.column
        self._more = MoreStrip()
        column.add_widget(self._more, index=1)
        column.add_widget(self.tray, index=1)
        #: every part, from top to bottom; a bare page leaves only the body
        self._parts = list(reversed(column.children))
        self._body, self._bottom = self.ids.body.__self__, self.ids.bottom.__self__
        self._pages: dict[type[views.View], Page] = {}
        self.page: Page | None = None
        self._notice = NoticeOverlay(send=send)

    def show(self, snapshot: views.Snapshot) -> None:
        """Draw a snapshot; only what differs from the one before is touched."""
        restyled = (theme.language, theme.care) != (snapshot.chrome.language, snapshot.chrome.care)
        theme.language = snapshot.chrome.language
        theme.care = snapshot.chrome.care
        self.chrome = snapshot.chrome
        page = self._page(type(snapshot.view))
        if page is not self.page:
            self._swap(page)
        page.update(snapshot.view, snapshot.chrome)
        if restyled:
            page.on_view()
        self._lay_over(snapshot.notice)
        self.tell_time(datetime.now())

    def preview(self, preview: views.Preview) -> None:
        """Show a live picture, if it is still wanted."""
        if isinstance(self.page, ScanPage | FacePage):
            self.page.preview(preview)

    def tell_time(self, now: datetime) -> None:
        """Set the clock."""
        self.clock = f"{now:%H:%M}"
        if isinstance(self.page, AttractPage):
            self.page.tell_time(now)

    @property
    def covered(self) -> bool:
        """A notice lies over the page."""
        return self._notice.parent is not None

    def _page(self, kind: type[views.View]) -> Page:
        if kind not in self._pages:
            self._pages[kind] = PAGES[kind](self.send, self.tray)
        return self._pages[kind]

    def _swap(self, page: Page) -> None:
        self.tray.close()
        old, self.page = self.page, page
        self._body.clear_widgets()
        if old is not None:
            old.forget()
        if page.bare != (len(self.ids.column.children) == 1):
            self.ids.column.clear_widgets()
            for part in self._parts:
                if not page.bare or part is self._body:
                    self.ids.column.add_widget(part)
        self.bare = page.bare
        self._bottom.leaves = page.leaves
        self._body.add_widget(page)
        self._more.watch(page)
        self._bottom.rest()

    def _lay_over(self, notice: views.Notice | None) -> None:
        if notice is None:
            if self._notice.parent is not None:
                self.remove_widget(self._notice)
                self._notice.notice = views.Notice("help", "", "")
            return
        self._notice.notice = notice
        if self._notice.parent is None:
            self.add_widget(self._notice)


rules(__file__)

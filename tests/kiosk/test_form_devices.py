"""Answers that devices give: a photograph and a code; and what is handed in of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from contract.codes import Assurance, LoginWay
from drivers.code_scanner.events import CodeRead
from kiosk.cases.answer_files import is_file, sent
from kiosk.documents.scan_results import Quality, ScannedPage
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.steps.photograph import Photograph
from kiosk.journey.views import CheckView, CodeLoginView, Field, QuestionView, ScanView
from kiosk.saved import pack
from tests.kiosk.headless import DEPARTMENT, WANG, Headless

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
<itext><translation lang="zh"><text id="p"><value>照片</value><value form="image">jr://images/where.png</value></text>
</translation></itext>
<instance><data id="papers" version="1"><wants>yes</wants><photo/><letter/><code/><count/><more/></data></instance>
<bind nodeset="/data/wants" type="string"/>
<bind nodeset="/data/photo" type="binary" relevant="/data/wants = 'yes'" required="true()"/>
<bind nodeset="/data/letter" type="binary"/>
<bind nodeset="/data/code" type="barcode" constraint="regex(., '^[0-9]+$')"/>
<bind nodeset="/data/count" type="int"/><bind nodeset="/data/more" type="int"/></model></h:head>
<h:body><group appearance="field-list"><label>papers</label>
<input ref="/data/wants"><label>wants</label></input>
<upload ref="/data/photo" mediatype="image/*"><label ref="jr:itext('p')"/></upload>
<upload ref="/data/letter" mediatype="application/*"><label>letter</label></upload>
<input ref="/data/code"><label>code</label></input>
<input ref="/data/count"><label>count</label></input></group>
<input ref="/data/more"><label>more</label></input></h:body></h:html>"""


def picture(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Headless]:
    terminal = Headless(tmp_path)
    folder = tmp_path / "releases" / "1" / DEPARTMENT
    (folder / "papers.xml").write_text(FORM, "utf-8")
    (folder / "papers").mkdir()
    (folder / "papers" / "where.png").write_bytes(picture("white"))
    journey = terminal.journey
    assert journey.release is not None
    journey.release.items["low"] = journey.release.items["low"].model_copy(update={"form": "papers"})
    journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
    journey.state.begin_item("low")
    journey.go(journey.after(None))
    yield terminal
    terminal.close()


def shown(terminal: Headless, name: str) -> Field:
    view = terminal.journey.step.view()
    assert isinstance(view, QuestionView)
    return next(field for field in view.fields if field.path == f"/data/{name}")


def photograph(terminal: Headless, name: str, colour: str) -> None:
    """The camera is not there; the page it would have given is kept as when a citizen says it will do."""
    terminal.does(intents.Photograph(f"/data/{name}"))
    step = terminal.journey.step
    assert isinstance(step, Photograph) and isinstance(step.view(), ScanView)
    terminal.journey.go(step.keep(page(colour)))


def page(colour: str) -> ScannedPage:
    good = Quality(sharp=0.5)
    return ScannedPage(picture(colour), good, 40, 30)


def test_a_photograph_is_the_answer_and_a_material(terminal: Headless) -> None:
    photograph(terminal, "photo", "red")
    photograph(terminal, "letter", "blue")
    photo, letter = shown(terminal, "photo").value, shown(terminal, "letter").value
    materials = terminal.journey.state.materials
    assert is_file(photo) and photo.endswith(".jpg") and letter.endswith(".pdf")
    assert [materials[name].media_type for name in (photo, letter)] == ["image/jpeg", "application/pdf"]
    visit = terminal.journey.visit
    assert visit is not None
    assert terminal.cache.visits.material(visit, materials[photo].sha256) == picture("red")


def test_taken_again_the_first_one_is_forgotten(terminal: Headless) -> None:
    photograph(terminal, "photo", "red")
    photograph(terminal, "photo", "green")
    [material] = terminal.journey.state.materials.values()
    assert material.material_id == shown(terminal, "photo").value
    assert terminal.cache.store.db.table("materials").count == 1


def test_a_picture_whose_question_is_gone_is_not_handed_in(terminal: Headless) -> None:
    photograph(terminal, "photo", "red")
    terminal.does(intents.Answer("/data/wants", "no"))
    form = terminal.journey.state.form
    assert form is not None
    values = [value for _, _, value, _ in form.finish().answers]
    assert sent(terminal.journey.state.materials.values(), values) == []


def test_a_code_is_the_answer_or_told_not_to_fit(terminal: Headless) -> None:
    terminal.does(intents.ReadBarcode("/data/code"), CodeRead("ABC"))
    view = terminal.journey.step.view()
    assert isinstance(view, CodeLoginView) and view.state == "refused" and "填不到这里" in view.problem
    terminal.does(CodeRead("690123"))
    assert shown(terminal, "code").value == "690123"
    terminal.does(intents.ReadBarcode("/data/code"), intents.Back())
    assert shown(terminal, "code").value == "690123"


def test_half_a_number_is_still_there_after_the_camera_and_after_going_back(terminal: Headless) -> None:
    terminal.does(intents.Answer("/data/count", "12,"))
    photograph(terminal, "photo", "red")
    assert shown(terminal, "count").value == "12,"
    terminal.does(intents.ReadBarcode("/data/code"), CodeRead("690123"))
    assert (shown(terminal, "count").value, shown(terminal, "count").error) == ("12,", "")
    terminal.does(intents.Back())
    assert terminal.page == "guide"
    terminal.does(intents.Forward())
    assert shown(terminal, "count").value == "12,"
    terminal.does(intents.Forward())
    assert shown(terminal, "count").error
    terminal.does(intents.Answer("/data/count", "12"), intents.Forward())
    assert shown(terminal, "more").value == ""


def test_half_a_number_left_from_the_check_page_is_seen_there_and_not_sent(terminal: Headless) -> None:
    photograph(terminal, "photo", "red")
    terminal.does(intents.Answer("/data/count", "12"), intents.Forward(), intents.Forward())
    assert terminal.page == "check"
    terminal.does(intents.Change("form:/data/count"), intents.Answer("/data/count", "12,"), intents.Back())
    view = terminal.journey.step.view()
    assert isinstance(view, CheckView)
    assert next(row.value for row in view.answers if row.label == "count") == "12,"
    terminal.does(intents.Forward())
    assert shown(terminal, "count").error and shown(terminal, "count").value == "12,"


def test_half_a_number_is_saved_with_the_rest(terminal: Headless) -> None:
    terminal.does(intents.Answer("/data/count", "12,"))
    state = terminal.journey.state
    form = terminal.journey.installed.form(terminal.journey.item)
    saved = pack(state, terminal.journey.item, form, 1, "zh")
    assert json.loads(saved.form)["drafts"] == {"/data/count": "12,"}


def test_a_device_is_only_asked_for_what_it_can_give(terminal: Headless) -> None:
    terminal.does(
        intents.Photograph("/data/code"), intents.ReadBarcode("/data/photo"), intents.Photograph("/data/none")
    )
    assert isinstance(terminal.journey.step.view(), QuestionView)


def test_a_picture_of_the_form_comes_from_the_release(terminal: Headless, tmp_path: Path) -> None:
    assert shown(terminal, "photo").picture == picture("white")
    (tmp_path / "releases" / "1" / DEPARTMENT / "papers" / "where.png").unlink()
    assert shown(terminal, "photo").picture == b""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

import fleet.sample_city
from contract.certificates import Certificate
from contract.model import Words
from kiosk.documents import typesetting
from kiosk.documents.certificates import render
from kiosk.documents.codes import verify_code
from kiosk.documents.errors import TypesettingError
from tests.kiosk.documents.signing import CONTENT, KEY_ID, PUBLIC, code

TEMPLATES = Path(next(iter(fleet.sample_city.__path__))) / "templates"
CITY = "海湾市（示例）"

CERTIFICATE = Certificate(
    number="CB-26-118204",
    name=Words(zh="参保登记证明", en="Certificate of insurance registration"),
    template="insurance_certificate",
    holder="赵𠮷䶮",
    fields=[("姓名", "赵𠮷䶮"), ("缴费基数", "4504 元"), ("每月应缴", "1328.68 元"), ("开始缴费月份", "2026 年 12 月")],
    authority="海湾市人力资源和社会保障局（示例）",
    issued_at=datetime(2026, 11, 21, 17, 30, tzinfo=UTC),
    code=code(),
)


def template(name: str = "insurance_certificate") -> str:
    return (TEMPLATES / f"{name}.typ").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.typ")))
def test_every_template_makes_one_a4_page_with_the_certificates_text(name: str) -> None:
    document = pypdfium2.PdfDocument(render(CERTIFICATE, template(name), CITY))
    assert len(document) == 1
    assert tuple(round(side) for side in document[0].get_size()) == (595, 842)
    text = document[0].get_textpage().get_text_bounded()
    for shown in ("CB-26-118204", "赵𠮷䶮", "参保登记证明", "每月应缴", "1328.68 元", CITY, "数据均为虚构"):
        assert shown in text


def test_the_date_is_chinas() -> None:
    text = pypdfium2.PdfDocument(render(CERTIFICATE, template(), CITY))[0].get_textpage().get_text_bounded()
    assert "2026 年 11 月 22 日" in text


def test_the_printed_code_is_read_back_and_genuine() -> None:
    page = pypdfium2.PdfDocument(render(CERTIFICATE, template(), CITY))[0]
    (found,) = zxingcpp.read_barcodes(page.render(scale=200 / 72, grayscale=True).to_pil())
    assert found.text == CERTIFICATE.code
    assert verify_code(found.text, {KEY_ID: PUBLIC}).number == CONTENT[1]
    corners = found.position
    width = (corners.top_right.x - corners.top_left.x) / 200 * 25.4
    assert width >= 28


def test_the_same_certificate_gives_the_same_bytes() -> None:
    first = render(CERTIFICATE, template(), CITY)
    render(CERTIFICATE.model_copy(update={"holder": "李样本"}), template(), CITY)
    assert render(CERTIFICATE, template(), CITY) == first


def test_it_says_it_is_pdf_a() -> None:
    with pikepdf.open(io.BytesIO(render(CERTIFICATE, template(), CITY))) as document:
        assert document.open_metadata().pdfa_status == "2B"


def test_many_fields_stay_on_one_page() -> None:
    fields = [(f"第 {number} 项", "一行内容") for number in range(11)]
    full = CERTIFICATE.model_copy(update={"fields": fields})
    assert len(pypdfium2.PdfDocument(render(full, template(), CITY))) == 1


def test_a_broken_template_is_told_without_the_citizens_data() -> None:
    with pytest.raises(TypesettingError) as refused:
        render(CERTIFICATE, "#let c = json(bytes(sys.inputs.certificate))\n#int(c.holder)", CITY)
    assert refused.value.reason == "template"
    assert "𠮷" not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_nothing_of_a_certificate_is_left_in_the_compiler() -> None:
    render(CERTIFICATE, template(), CITY)
    compiler = typesetting._compiler(None)
    left = compiler.compile(b"#repr(sys.inputs.keys())", format="pdf")
    assert "certificate" not in pypdfium2.PdfDocument(left)[0].get_textpage().get_text_bounded()


def test_a_code_too_long_for_a_qr_is_told() -> None:
    with pytest.raises(TypesettingError, match="code-too-long"):
        render(CERTIFICATE.model_copy(update={"code": "A" * 5000}), template(), CITY)

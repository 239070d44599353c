"""Invented pages of forms: each way to answer, prefilled answers, problems, and entries that repeat."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageDraw

from kiosk.journey import views as v

Page = Callable[..., v.Snapshot]


def diagram() -> bytes:
    """A picture a form might show beside a label: where on the household book the number stands. PNG."""
    picture = Image.new("RGB", (900, 360), (253, 245, 225))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 880, 340), outline=(150, 60, 50), width=6)
    for row in range(5):
        draw.line((60, 80 + row * 50, 840, 80 + row * 50), fill=(170, 170, 160), width=4)
    draw.ellipse((560, 100, 860, 220), outline=(149, 26, 21), width=10)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def forms(language: str, page: Page) -> dict[str, v.Snapshot]:
    """Every sample by name, in `language`."""
    zh = language == "zh"

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    def shown(title: str, *fields: v.Field, help: str = "", **values: object) -> v.Snapshot:
        view = v.QuestionView(title, help, fields, **values)  # type: ignore[arg-type]
        return page(view, "back", "next", at=3, called=say("填写信息", "Your details"))

    card = say("身份证", "ID card")
    prefilled = (
        v.Field("/d/name", "text", say("姓名", "Name"), value="王㛃䶮", source=card, settled=True, readonly=True),
        v.Field(
            "/d/mobile",
            "text",
            say("手机号码", "Mobile number"),
            value="13800000026",
            source=say("平台登记", "Registered"),
            settled=True,
        ),
        v.Field(
            "/d/sex", "select_one", say("性别", "Sex"), value="f", shown=say("女", "Female"), source=card, settled=True
        ),
        v.Field(
            "/d/street",
            "text",
            say("户口所在地", "Registered address"),
            value=say("样本省示例市市南区福州南路 17 号 2 单元 101 室", "101, Unit 2, 17 South Fuzhou Road, Shinan"),
            source=card,
            settled=True,
        ),
    )
    must = say(
        "看一看以上信息对不对；都对，就点上面这一行。", "Please look at the above; if it is right, touch this line."
    )
    wrong = (
        v.Field(
            "/d/phone",
            "text",
            say("手机号码", "Mobile number"),
            value="1380",
            keyboard="number",
            error=say("手机号码是 11 位，您写了 4 位。", "A mobile number has 11 digits; you wrote 4."),
        ),
        v.Field(
            "/d/money",
            "decimal",
            say("每月收入", "Monthly income"),
            value="",
            look="money",
            error=say("这里还没有填。", "This is still empty."),
        ),
    )
    address = v.AddressPart(
        chosen=tuple(
            v.ChoiceRow(code, name)
            for code, name in (("37", say("山东省", "Shandong")), ("3702", say("青岛市", "Qingdao")))
        ),
        options=tuple(
            v.ChoiceRow(f"3702{n:02}", name)
            for n, name in enumerate(
                say(
                    "市南区 市北区 黄岛区 崂山区 李沧区 城阳区 即墨区 胶州市 平度市 莱西市",
                    "Shinan Shibei Huangdao Laoshan Licang Chengyang Jimo Jiaozhou Pingdu Laixi",
                ).split(),
                start=2,
            )
        ),
        asks=say("在哪个区县？", "Which district or county?"),
    )
    placed = v.Field("/d/home", "text", say("现住址", "Home address"), look="address", address=address)
    towns = tuple(
        v.ChoiceRow(f"3702020{n}", name)
        for n, name in enumerate(
            say(
                "香港中路街道 八大峡街道 云南路街道 中山路街道 江苏路街道 八大关街道 湛山街道",
                "Xianggang-Zhonglu Badaxia Yunnan-Road Zhongshan-Road Jiangsu-Road Badaguan Zhanshan",
            ).split()
        )
    )
    county = (*address.chosen, v.ChoiceRow("370202", say("市南区", "Shinan")))
    filled = replace(
        placed,
        address=v.AddressPart(
            chosen=(*county, v.ChoiceRow("370202012", say("八大湖街道", "Badahu"))),
            street=say("福州南路 17 号", "17 South Fuzhou Road"),
        ),
    )
    wheel = v.Field(
        "/d/day",
        "date",
        say("哪一天搬来的？", "When did you move in?"),
        look="wheel",
        value="2024-02-29",
        hint=say("大概的日子也行", "About the day will do"),
    )
    moments = (
        v.Field("/d/typed", "date", say("出生日期", "Date of birth"), value="1992-03-18"),
        v.Field("/d/month", "date", say("从哪个月开始", "From which month"), look="months"),
        v.Field("/d/at", "time", say("几点方便", "At what time"), value="10:30:00.000+08:00"),
    )
    rank = v.Field(
        "/d/rank",
        "rank",
        say("您最看重什么？", "What matters most to you?"),
        hint=say("最看重的放在最上面", "The most important at the top"),
        choices=tuple(
            v.ChoiceRow(value, label)
            for value, label in (
                ("near", say("离家近", "Near home")),
                ("pay", say("工资高一些", "Better pay")),
                ("time", say("上下班时间固定", "Regular hours")),
                ("skill", say("能学到手艺", "Learning a trade")),
            )
        ),
    )
    people = v.Field(
        "/d/people", "range", say("家里一共几口人？", "How many live in your home?"), value="4", bounds=("1", "12", "1")
    )
    trades = say(
        "餐饮服务 道路客运 道路货运 电子商务 房屋装修", "Catering Coaches Haulage E-commerce Renovation"
    ).split()
    trade = v.Field(
        "/d/trade",
        "select_one",
        say("做哪一行？", "What is your trade?"),
        look="search",
        choice_count=128,
        found=128,
        choices=tuple(v.ChoiceRow(f"t{n}", label) for n, label in enumerate(trades)),
        required=True,
        guidance=say(
            "找不到一样的，选最像的。办事员会再看。", "If none is the same, choose the closest; staff will check."
        ),
    )
    money = v.Field(
        "/d/income",
        "decimal",
        say("去年一共收入多少？", "What was your income last year?"),
        look="money",
        value="1234.5",
        remark=say("1,234.50 元 · 人民币壹仟贰佰叁拾肆元伍角", "¥1,234.50 · 人民币壹仟贰佰叁拾肆元伍角"),
        keyboard="amount",
    )
    others = (
        v.Field(
            "/d/photo",
            "image",
            say("一寸照片", "Passport photograph"),
            hint=say("贴在白纸上，平放在台面", "On white paper, laid flat"),
        ),
        v.Field("/d/licence", "barcode", say("设备上的条码", "Bar code on the device")),
        v.Field(
            "/d/where",
            "geopoint",
            say("大概位置", "Place"),
            hint=say("纬度 经度，如 36.06 120.38", "Latitude and longitude: 36.06 120.38"),
            keyboard="digits",
        ),
        v.Field("/d/voice", "audio", say("语音说明", "Spoken remarks")),
    )
    media = (
        v.Field(
            "/d/book",
            "text",
            say("户号", "Household number"),
            picture=diagram(),
            keyboard="number",
            hint=say("户口簿第一页，红圈里的数字", "First page of the household book, in the red circle"),
        ),
        v.Field(
            "/d/film",
            "note",
            say("怎么找到户号", "How to find the number"),
            remark=say("这里有一段录像，本机放不了。", "There is a film here, which this terminal can not show."),
        ),
    )
    entries = (
        v.EntryRow("/d/child[1]", say("王小明", "Wang Xiaoming"), say("儿子 · 2016 年 5 月 3 日", "Son · 2016-05-03")),
        v.EntryRow(
            "/d/child[2]", say("王𠮷䶮", "Wang Jiyan"), say("女儿 · 2019 年 11 月 20 日", "Daughter · 2019-11-20")
        ),
    )
    repeat = v.RepeatView(
        say("家里还有谁？", "Who else lives with you?"),
        say("和您住在一起、一起生活的人。", "People who live with you."),
        entries,
    )

    def entry_page(view: v.RepeatView) -> v.Snapshot:
        return page(view, "back", "no_more" if view.rows else "none", at=3, called=say("填写信息", "Your details"))

    child = say("孩子：王小明", "Child: Wang Xiaoming")
    sections = v.CheckView(
        (
            v.CheckRow(say("姓名", "Name"), "王示例", source=card),
            v.CheckRow(
                say("现住址", "Address"),
                say("山东省青岛市市南区福州南路 17 号", "17 South Fuzhou Road"),
                "form:/d/home",
            ),
            v.CheckRow(say("姓名", "Name"), "王小明", "form:/d/child[1]/name", section=child),
            v.CheckRow(
                say("生日", "Birthday"), say("2016 年 5 月 3 日", "2016-05-03"), "form:/d/child[1]/birth", section=child
            ),
        ),
        (),
        warning=say("提交后会当场受理。以上内容不实要承担责任。", "What is not true has consequences."),
    )
    problems = tuple(
        (field.path, f"{field.label}：{field.error}" if zh else f"{field.label}: {field.error}") for field in wrong
    )
    return {
        "form-prefilled": shown(
            say("这是您的信息吗？", "Is this you?"),
            *prefilled,
            confirm="asked",
            place=say("第 1 页，共 6 页", "Page 1 of 6"),
        ),
        "form-unconfirmed": shown(
            say("这是您的信息吗？", "Is this you?"),
            *prefilled[:2],
            confirm="asked",
            confirm_error=must,
            problems=(("confirm", must),),
        ),
        "form-confirmed": shown(say("这是您的信息吗？", "Is this you?"), *prefilled[:2], confirm="given"),
        "form-problems": shown(say("怎么联系您？", "How can we reach you?"), *wrong, problems=problems),
        "form-address": shown(placed.label, placed),
        "form-address-town": shown(
            placed.label,
            replace(
                placed,
                address=v.AddressPart(county, towns, say("在哪个街道、乡镇？", "Which sub-district or town?"), True),
            ),
        ),
        "form-address-filled": shown(filled.label, filled),
        "form-wheel": shown(wheel.label, wheel),
        "form-moments": shown(say("时间", "Times"), *moments),
        "form-rank": shown(rank.label, rank),
        "form-ranked": shown(rank.label, replace(rank, value="pay near skill time")),
        "form-range": shown(
            people.label,
            people,
            replace(people, path="/d/years", label=say("住了多少年", "Years here"), value="", bounds=("0", "60", "1")),
        ),
        "form-search": shown(trade.label, trade),
        "form-searched": shown(trade.label, replace(trade, value="t3", picked=(trade.choices[3],))),
        "form-money": shown(money.label, money),
        "form-others": shown(say("材料", "Papers"), *others),
        "form-media": shown(say("户口簿", "Household book"), *media),
        "form-repeat": entry_page(repeat),
        "form-repeat-none": entry_page(replace(repeat, rows=())),
        "form-repeat-removing": entry_page(replace(repeat, removing="/d/child[2]")),
        "form-check": page(sections, "back", "submit", at=5, called=say("核对", "Check")),
    }

"""Invented pages, one of each kind and more: for the gallery and the tests. Nobody in them exists."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from kiosk.journey import views as v
from kiosk.journey.frame import Aloud, Step
from kiosk.words import say
from screens.certificate_samples import certificate_views, without_receipt
from screens.form_samples import forms
from screens.held_samples import held_pages
from screens.login_samples import logins
from screens.saved_samples import saved_pages
from screens.scan_samples import scans

SIGNATURE = (
    tuple(
        (
            round(0.12 + 0.76 * n / 120 + 0.03 * math.sin(n / 7.5), 4),
            round(0.52 - 0.26 * math.exp(-n / 60) * math.sin(n / 7.5 + 1.9) + 0.06 * math.sin(n / 23), 4),
        )
        for n in range(121)
    ),
)


def snapshots(language: str = "zh", care: bool = False) -> dict[str, v.Snapshot]:
    """Every sample by name."""
    return (_chinese if language == "zh" else _english)(care)


def _chrome(language: str, care: bool, *buttons: str, step: Step | None = None) -> v.Chrome:
    labels = [say(f"button.{name}", language) if name else "" for name in buttons]
    zh = language == "zh"
    return v.Chrome(
        hall="市南区政务服务中心" if zh else "Shinan Service Centre",
        terminal=say("chrome.terminal", language, label="A03"),
        freshness=say("chrome.fresh_today", language, time="08:30"),
        language=language,
        care=care,
        network="online",
        step=step,
        back=labels[0] if labels else "",
        forward=labels[1] if len(labels) > 1 else "",
    )


def with_voice(snapshot: v.Snapshot, heard: str = "") -> v.Snapshot:
    """The page can be read aloud; `heard` is what is being read, in the first text that holds it."""
    aloud, spoken = Aloud(), snapshot.view.spoken
    if heard:
        part = next(place for place, text in enumerate(spoken) if heard in text)
        start = spoken[part].index(heard)
        aloud = Aloud(True, part, start, start + len(heard))
    return replace(snapshot, chrome=replace(snapshot.chrome, aloud=aloud))


def _chinese(care: bool) -> dict[str, v.Snapshot]:
    def page(view: v.View, *buttons: str, at: int = 0, called: str = "") -> v.Snapshot:
        step = Step(at, 6, called) if at else None
        return v.Snapshot(_chrome("zh", care, *buttons, step=step), view)

    icons = ("birth", "work", "medical", "housing", "marriage", "business", "retire", "papers", "all")
    names = (
        "生孩子",
        "找工作 参社保",
        "看病医保",
        "住房公积金",
        "结婚",
        "开店办企业",
        "退休养老",
        "户籍证件",
        "全部事项",
    )
    tiles = tuple(v.Tile(icon, name, icon) for icon, name in zip(icons, names, strict=True))
    rows = (
        v.ItemRow("SB01", "灵活就业人员参保登记", "约 6 分钟 · 当场办结", "可以办"),
        v.ItemRow("SB02", "社会保险参保证明打印", "约 1 分钟 · 免费打印", "可以办"),
        v.ItemRow("SC07", "营业执照打印", "彩色打印机缺纸，会报告给工作人员", "暂不能打印", "care"),
    )
    materials = (
        v.MaterialRow("居民身份证", "", "不用另交", "good"),
        v.MaterialRow("户口簿信息", "公安部门已共享，稍后请您确认", "不用交", "good"),
        v.MaterialRow("就业创业证 或 个人承诺书", "原件拍照一份；没带可以签承诺书，30 天内补", "现在拍", "plain"),
    )
    choices = (
        v.ChoiceRow("local", "本市户口", "青岛七区三市都算"),
        v.ChoiceRow("province", "山东省内其他市"),
        v.ChoiceRow("other", "外省"),
        v.ChoiceRow("hkmt", "港澳台居民、外国人"),
    )
    address = v.Field("/d/street", "text", "小区、楼、门牌号", value="福州南路 17 号", required=True)
    fields = (
        v.Field("/d/name", "text", "姓名", value="王㛃䶮", readonly=True, source="身份证"),
        v.Field("/d/phone", "text", "手机号", value="1380", keyboard="number", error="手机号是 11 位，您写了 4 位。"),
        v.Field("/d/from", "date", "从哪一天开始交", value="2026-12-01", hint="不能早于下个月 1 日"),
        v.Field(
            "/d/paid",
            "select_one",
            "您以前交过社保吗？",
            value="yes",
            choices=(v.ChoiceRow("yes", "交过"), v.ChoiceRow("no", "没有交过")),
        ),
    )
    kinds = v.Field(
        "/d/kinds",
        "select_multiple",
        "要交哪几种？",
        value="pension medical",
        choices=(
            v.ChoiceRow("pension", "养老保险"),
            v.ChoiceRow("medical", "医疗保险", "住院和门诊都能用"),
            v.ChoiceRow("injury", "工伤保险"),
        ),
    )
    months = tuple(v.ChoiceRow(f"m{n}", f"{n} 月") for n in range(1, 13))
    agree = v.Field("/d/agree", "acknowledge", "我已看过《参保须知》，愿意按规定交费", hint="点一下表示同意")
    many = (
        kinds,
        v.Field("/d/note", "note", "每月 15 日前从您的银行卡扣款，请留足余额。"),
        agree,
        v.Field("/d/month", "select_one", "从哪个月开始？", value="m12", choices=months),
    )
    promised = (("承诺人", "王示例 3702**********002X"), ("办理事项", "灵活就业人员参保登记"))
    oath = (
        "本人王示例，办理灵活就业人员参保登记，现郑重承诺：",
        "一、所填写和提交的内容真实、准确、完整。",
        "二、没有单位正在为本人缴纳社会保险。",
        "三、如承诺不实，愿意退回已享受的待遇，并承担相应责任。",
        "本承诺书与原件具有同等效力。承诺自 2026 年 11 月 21 日起生效。",
    )
    answers = (
        v.CheckRow("姓名", "王示例", source="身份证"),
        v.CheckRow("身份证号", "3702 **** **** **** 26", source="身份证"),
        v.CheckRow("户口", "本市户口", "situation:household"),
        v.CheckRow("现住址", "市南区福州南路 17 号 2 单元 101", "field:/d/street"),
        v.CheckRow("手机", "138 **** 0026", "field:/d/phone"),
        v.CheckRow("从哪个月开始交", "2026 年 12 月", "field:/d/from"),
    )
    papers = (
        v.CheckRow("就业创业证", "1 页 · 已核对姓名一致", "material:M3"),
        v.CheckRow("参保承诺书", "已签名 14:24", "sign"),
    )
    levels = tuple(
        v.RatingRow(level, name)
        for level, name in zip("54321", ("非常满意", "满意", "基本满意", "不满意", "非常不满意"), strict=True)
    )
    reasons = tuple(
        v.ReasonRow(str(110 + n), text, n == 1)
        for n, text in enumerate(("等得太久", "看不懂要填什么", "机器没有反应", "打印不清楚", "没有人帮忙"))
    )
    done = v.DoneView(
        "concluded",
        "已受理，已办结",
        "",
        "办件编号",
        "3702-0261121-00417",
        (
            v.Paper("receipt", "受理凭证", "已打印，请在下方出纸口取走", "已打印", "printed"),
            v.Paper(
                "proof", "参保证明 第 2 页，共 2 页", "编号 CB-26-118204，只打印一次", "正在打印 · 约 5 秒", "printing"
            ),
        ),
        0.72,
        True,
        levels,
    )
    not_printed = (
        v.Paper("receipt", "受理凭证", "请在下方出纸口取走", "已打印", "printed"),
        v.Paper(
            "certificate",
            "参保证明",
            "打印机没有纸了，会报告给工作人员。请凭编号到窗口补打",
            "没有打出来",
            "failed",
            True,
        ),
    )
    received = v.DoneView(
        "received",
        "本机已收下您的申请",
        "还没有受理。网络恢复后会送达平台，受理结果发短信到 138 **** 0026。",
        "收件编号",
        "A03-1121-0047",
        (v.Paper("receipt", "收件凭证", "凭条打印机无应答，不能确认是否打出", "请看出纸口", "uncertain"),),
        None,
        False,
        levels,
    )
    question = v.QuestionView("您现在住在哪里？", "写到门牌号，方便邮寄。", (address,))
    away = ("结束这次办理吗？", "已经填的不会保存，下次要从头来。")
    here = ("您还在吗？", "屏幕一会儿没有动。为保护您的信息，本机会自动退出。")
    longest = ("时间快到了", "一次办理最多 45 分钟。到时间会自动退出，没提交的内容会清除。")
    card_away = ("请把身份证放回去", "要接着办，请把刚才那张身份证平放在读卡处。不办了，拿走就行，内容会清除。")
    helper = ("请人帮忙", "大厅咨询台在入口左侧；也可以拨打 12345。您填的内容会留在这里等您。")
    situation = page(
        v.SituationView("您的户口在哪里？", "看户口簿首页的“户别”。", choices, "local"),
        "back",
        "next",
        at=3,
        called="填写信息",
    )
    offline = page(received, "again", "finish", at=6, called="提交")
    with_others: tuple[tuple[Literal["continue_saved", "act_for", "helper"], str, str], ...] = (
        ("continue_saved", say("home.saved"), say("home.saved_button")),
        ("act_for", "替家人或单位办理？", "换成替别人办"),
        ("helper", "有帮办员帮您？", "请帮办员扫工作码"),
    )
    home = page(v.HomeView("王女士，您好", tiles, rows, with_others))
    return {
        "attract": page(v.AttractView()),
        "attract-problem": page(v.AttractView(problem="凭条打印机缺纸，仍可办理，凭证可存到手机。")),
        **logins("zh", page),
        **forms("zh", page),
        "home": home,
        "home-offline": replace(home, chrome=replace(home.chrome, network="offline")),
        "home-acting": replace(home, chrome=replace(home.chrome, acting="替李样本办理 · 帮办员王帮办在场")),
        "items": page(v.ItemsView("找工作 参社保", False, "", rows), "return"),
        "search": page(v.ItemsView("搜索事项", True, "参保", rows), "return"),
        "search-guessed": page(v.ItemsView("搜索事项", True, "社宝证明", rows[:2], guessed=True), "return"),
        "guide": page(
            v.GuideView(
                "社会保险 · 市人力资源和社会保障局",
                "灵活就业人员参保登记",
                "plain",
                ("没有单位给您交社保，自己也可以交。办好以后从下个月开始交费，养老、医疗都能享受。",),
                (("要多久", "当场办结"), ("花多少钱", "不收费"), ("能否代办", "可以")),
                materials,
            ),
            "return",
            "start",
        ),
        "situation": situation,
        "situation-acting": replace(
            situation, chrome=replace(situation.chrome, acting="替青岛样本商贸有限公司办理 · 帮办员王帮办在场")
        ),
        "question": page(question, "back", "next", at=3, called="填写信息"),
        "question-keyboard": page(replace(question, focus="/d/street"), "back", "next", at=3, called="填写信息"),
        "question-fields": page(v.QuestionView("再确认几件事", "", fields), "back", "next", at=3, called="填写信息"),
        "question-many": page(
            v.QuestionView("参保内容", "可以选多项。", many), "back", "next", at=3, called="填写信息"
        ),
        **held_pages("zh", lambda view, *buttons: page(view, *buttons, at=4, called="拍摄材料")),
        **scans("zh", lambda view, *buttons: page(view, *buttons, at=4, called="拍摄材料")),
        "commitment": with_voice(
            page(v.CommitmentView("参保承诺书", oath, promised, read=True), "back", "sign", at=5, called="承诺")
        ),
        "commitment-aloud": with_voice(
            page(v.CommitmentView("参保承诺书", oath * 3, promised), "back", "sign", at=5, called="承诺"),
            "承诺自 2026 年 11 月 21 日起生效。",
        ),
        "commitment-unread": page(
            v.CommitmentView(
                "容缺受理承诺书", oath * 4, promised, "以后补交的材料", (("退出现役证件", "受理后 10 个工作日内"),)
            ),
            "back",
            "sign",
            at=5,
            called="承诺",
        ),
        "sign": page(
            v.SignView("请签名", "用手指写，像在纸上一样。", SIGNATURE), "back", "signed", at=5, called="签名"
        ),
        "check": page(
            v.CheckView(answers, papers, SIGNATURE, "提交后会当场受理。以上内容不实要承担责任。"),
            "back",
            "submit",
            at=5,
            called="核对",
        ),
        **saved_pages("zh", page, page(question, "back", "next", at=3, called="填写信息")),
        "sending": page(
            v.DoneView(
                "sending", "正在提交…", "正在等平台答复，最多 20 秒。您的申请本机已经存好。", "", "", (), 0.4, True
            ),
            at=6,
            called="提交",
        ),
        "done": page(done, "again", "finish"),
        "done-aloud": with_voice(page(replace(done, progress=None), "again", "finish"), done.title),
        **{
            name: page(view, *(("hold_print", "print_now") if name == "done-about-to-print" else ("again", "finish")))
            for name, view in certificate_views("zh", done, "住房公积金缴存证明").items()
        },
        "done-rating": page(replace(done, level="2", reasons=reasons, progress=None), "again", "finish"),
        "done-rated": page(replace(done, level="5", rated=True, progress=None), "again", "finish"),
        "done-to-supplement": page(
            replace(done, state="to_supplement", title="材料还要补齐", line="要补的都写在告知书上。", progress=None),
            "again",
            "finish",
        ),
        "offline": replace(offline, chrome=replace(offline.chrome, network="offline")),
        "done-not-printed": page(replace(done, papers=not_printed, progress=None), "again", "finish"),
        "done-receipt-here": page(replace(without_receipt(done, "zh"), levels=levels), "again", "finish"),
        "farewell": page(v.FarewellView(True, "请取走身份证", "身份证还在读卡处。拿起来就好。", 12)),
        "farewell-stick": page(
            v.FarewellView(False, say("farewell.take_stick"), say("farewell.stick_line"), 40, stick_present=True)
        ),
        "farewell-both": page(
            v.FarewellView(
                True,
                say("farewell.take_both"),
                say("farewell.card_line") + "\n" + say("farewell.stick_line"),
                40,
                stick_present=True,
            )
        ),
        "trouble": page(
            v.TroubleView(
                "摄像头没有反应",
                "拍摄材料用的摄像头断开了，已经通知工作人员。",
                "请稍等一分钟再试，或者换旁边的机器。",
                "您填的内容还在，没有丢。",
            ),
            "return",
            "home",
        ),
        "notice-leave": replace(situation, notice=v.Notice("leave", *away)),
        "notice-leave-or-save": replace(situation, notice=v.Notice("leave", *away, saves=True)),
        "notice-idle": replace(situation, notice=v.Notice("idle", *here, 18)),
        "notice-longest": replace(situation, notice=v.Notice("longest", *longest, 300)),
        "notice-card": replace(situation, notice=v.Notice("card", *card_away, 24)),
        "notice-help": replace(situation, notice=v.Notice("help", *helper)),
    }


def _english(care: bool) -> dict[str, v.Snapshot]:
    """The same pages with English content."""
    chinese = _chinese(care)
    step = Step(3, 6, "Your details")

    def page(view: v.View, *buttons: str, step: Step | None = None) -> v.Snapshot:
        return v.Snapshot(_chrome("en", care, *buttons, step=step), view)

    names = (
        "Having a child",
        "Work and insurance",
        "Health care",
        "Housing fund",
        "Marriage",
        "Starting a business",
        "Retirement",
        "Residence papers",
        "All services",
    )
    icons = ("birth", "work", "medical", "housing", "marriage", "business", "retire", "papers", "all")
    tiles = tuple(v.Tile(icon, name, icon) for icon, name in zip(icons, names, strict=True))
    rows = (
        v.ItemRow("SB01", "Social insurance for the self-employed", "about 6 minutes · settled at once", "Available"),
        v.ItemRow("SB02", "Proof of social insurance", "about 1 minute · printed free", "Available"),
        v.ItemRow("SC07", "Business licence printing", "Colour printer is out of paper", "Can not print", "care"),
    )
    choices = (
        v.ChoiceRow("local", "In this city", "All seven districts and three cities count"),
        v.ChoiceRow("province", "Another city of this province"),
        v.ChoiceRow("other", "Another province"),
        v.ChoiceRow("hkmt", "Hong Kong, Macao, Taiwan or abroad"),
    )
    situation = page(
        v.SituationView("Where are you registered?", "See the first page of your household booklet.", choices, "local"),
        "back",
        "next",
        step=step,
    )
    with_others: tuple[tuple[Literal["continue_saved", "act_for", "helper"], str, str], ...] = (
        ("continue_saved", say("home.saved", "en"), say("home.saved_button", "en")),
        ("act_for", "Here for family or a company?", "Act for somebody else"),
        ("helper", "Is a helper with you?", "The helper shows a work code"),
    )
    fields = (
        v.Field("/d/name", "text", "Name", value="王㛃䶮", readonly=True, source="ID card"),
        v.Field(
            "/d/phone",
            "text",
            "Mobile phone",
            value="1380",
            keyboard="number",
            error="A mobile number has 11 digits, you wrote 4.",
        ),
        v.Field("/d/from", "date", "Pay from", value="2026-12-01", hint="Not before the first of next month"),
        v.Field(
            "/d/paid",
            "select_one",
            "Have you paid before?",
            value="yes",
            choices=(v.ChoiceRow("yes", "Yes"), v.ChoiceRow("no", "No")),
        ),
    )
    answers = (
        v.CheckRow("Name", "王示例", source="ID card"),
        v.CheckRow("Registered", "In this city", "situation:household"),
        v.CheckRow("Address", "17 Fuzhou South Road, unit 2, room 101", "field:/d/street"),
    )
    papers = (
        v.CheckRow("Employment certificate", "1 page", "material:M3"),
        v.CheckRow("Commitment", "signed 14:24", "sign"),
    )
    levels = tuple(
        v.RatingRow(level, name)
        for level, name in zip(
            "54321",
            ("Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied", "Very dissatisfied"),
            strict=True,
        )
    )
    done = v.DoneView(
        "accepted",
        "Accepted by the office",
        "",
        "Case number",
        "3702-0261121-00417",
        (v.Paper("receipt", "Acceptance receipt", "Please take it below", "Printed", "printed"),),
        None,
        True,
        levels,
    )
    received = v.DoneView(
        "received",
        "This terminal has your application",
        "The office has not accepted it yet. It is delivered once the network is back.",
        "Receipt number",
        "A03-1121-0047",
        (
            v.Paper(
                "receipt",
                "Receipt",
                "The printer does not answer; nobody knows whether it came out",
                "Please look",
                "uncertain",
            ),
        ),
        None,
        False,
        levels,
    )
    offline = page(received, "again", "finish", step=Step(6, 6, "Submit"))
    guide = v.GuideView(
        "Social insurance · City Human Resources Bureau",
        "Social insurance for the self-employed",
        "plain",
        ("No employer pays your insurance? You can pay for yourself, from next month on.",),
        (("How long", "At once"), ("Cost", "Free"), ("By another", "Possible")),
        (
            v.MaterialRow("Resident ID card", "read just now", "Here", "good"),
            v.MaterialRow("Employment certificate", "one picture of the original", "Scan now", "plain"),
        ),
    )
    return {
        "attract": page(v.AttractView()),
        **logins("en", page),
        **forms("en", lambda view, *buttons, at, called: page(view, *buttons, step=Step(at, 6, called))),
        "home": page(v.HomeView("Hello, Ms Wang", tiles, rows, with_others)),
        "situation-acting": replace(
            situation,
            chrome=replace(situation.chrome, acting="For Qingdao Sample Trading Co. · with helper Wang Bangban"),
        ),
        "search": page(v.ItemsView("Search", True, "insurance", rows), "return"),
        "guide": page(guide, "return", "start"),
        "situation": situation,
        "question-fields": page(v.QuestionView("A few more things", "", fields), "back", "next", step=step),
        **held_pages("en", lambda view, *buttons: page(view, *buttons, step=Step(4, 6, "Scan papers"))),
        **scans("en", lambda view, *buttons: page(view, *buttons, step=Step(4, 6, "Scan papers"))),
        "sign": page(v.SignView("Please sign", "With your finger, as on paper."), "back", "signed", step=step),
        "check": page(
            v.CheckView(answers, papers, SIGNATURE, "It is accepted as soon as you submit."),
            "back",
            "submit",
            step=Step(5, 6, "Check"),
        ),
        "commitment-aloud": with_voice(
            page(
                v.CommitmentView(
                    "Commitment",
                    (
                        "I apply for myself. What I have filled in is true, and the papers I have given are genuine.",
                        "I know that I pay each month. Months not paid do not count, and medical benefits stop.",
                    ),
                    (("Applicant", "王示例 3702 **** **** **** 2X"),),
                ),
                "back",
                "sign",
                step=step,
            ),
            "What I have filled in is true, and the papers I have given are genuine.",
        ),
        **saved_pages("en", page, page(v.QuestionView("A few more things", "", fields), "back", "next", step=step)),
        "done": page(done, "again", "finish"),
        "done-to-supplement": page(
            replace(
                done,
                state="to_supplement",
                title=say("done.to_supplement", "en"),
                line=say("done.to_supplement_line", "en"),
                progress=None,
            ),
            "again",
            "finish",
        ),
        **{
            name: page(view, *(("hold_print", "print_now") if name == "done-about-to-print" else ("again", "finish")))
            for name, view in certificate_views("en", done, "Housing fund certificate").items()
        },
        "offline": replace(offline, chrome=replace(offline.chrome, network="offline")),
        "farewell": page(v.FarewellView(True, "Please take your ID card", "It is still on the reader.", 12)),
        "trouble": page(
            v.TroubleView(
                "The camera does not answer",
                "The camera for papers is disconnected. Staff know.",
                "Please try again in a minute.",
                "What you wrote is still here.",
            ),
            "return",
            "home",
        ),
        "notice-idle": replace(
            chinese["notice-idle"],
            chrome=situation.chrome,
            view=situation.view,
            notice=v.Notice("idle", "Are you still here?", "This visit ends to protect your data.", 18),
        ),
    }

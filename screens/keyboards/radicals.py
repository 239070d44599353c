"""Radicals (偏旁部首): the shapes they have in a character, what people call them, and which are offered."""

from __future__ import annotations

#: Shapes of the CJK Radicals Supplement (U+2E80 to U+2EF3), and the character a reader takes them for.
_USUAL = dict(
    zip(
        "⺀⺁⺄⺅⺆⺈⺉⺊⺋⺌⺍⺕⺖⺗⺘⺙⺛⺜⺝⺡⺢⺣⺤⺥⺧⺨⺩⺫⺬⺭⺮⺯⺲⺳⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻂⻃⻄⻊⻌⻍⻎⻏⻐⻑⻖⻗⻟⻠⻢⻤⻥⻦⻩",
        "冫厂乙亻冂勹刂卜卩小小彐忄㣺扌攵旡日月氵氺灬爫爫牛犭王罒礻礻竹纟罒罒羊羊耂肀聿月臼艹艹艹衤覀覀足辶辶辶阝钅長阝雨飠飠马鬼鱼鸟黄",
        strict=True,
    )
)

#: Radicals people name otherwise than the character's reading: 走之 for 辶. Used beside the readings.
CALLED = {
    "辶": "zou", "宀": "bao", "讠": "yan", "犭": "quan fan", "疒": "bing", "礻": "shi", "衤": "yi", "阝": "er fu yi",
    "亻": "ren dan", "扌": "ti shou", "氵": "shui", "忄": "xin shu", "钅": "jin", "饣": "shi", "纟": "si jiao",
    "艹": "cao", "灬": "huo dian", "刂": "dao li", "冫": "bing", "攵": "wen fan", "囗": "wei kou", "罒": "wang si",
    "冖": "mi tu", "爫": "zhua", "彡": "shan pie", "虍": "hu", "廴": "jian", "彳": "ren chi", "广": "guang yan",
}  # fmt: skip

#: The parts offered first, before anything is chosen: those most names and places are made of.
FREQUENT = "氵木艹口亻扌女钅王日土火忄讠纟辶山月阝虫石鸟鱼竹禾足犭马宀"

#: The parts by their number of strokes, in a dictionary's order.
BY_STROKES: dict[str, str] = {
    "2": "二十厂匚卜冂亻人入八勹几儿亠冫冖讠卩刀刂力又厶凵匕乃丁了九七",
    "3": "氵扌艹忄犭纟辶阝口土女宀山广门弓巾尸彳彡夕寸大小工士子己尢饣廴囗马川干千才万幺也",
    "4": "木火王日月攵心手水牛犬气爪父片斤户方文斗止歹戈比毛欠殳礻灬爫车见贝长风韦云元公中分今井巴丰夫专不",
    "5": "石禾目田立示钅疒衤罒皿矢矛穴鸟龙玉生用白皮皿瓜母四业电且古可台平主正占包半令只世加去北冬",
    "6": "竹米虫耳舌舟衣羊羽老而耒聿臣自至臼艮色虍血行西页齐糸吉各合同向寺共光先交安成有如旬",
    "7": "足车言走赤豆豕贝里酉辛身角谷麦釆邑采卤辰見車我每求良甫吾君告肖余弟免",
    "8": "雨金隹鱼青非隶阜門長其昌奇京林者昔享卓果东佳易尚念官周宗",
    "9": "音革面韭頁風飛食首香骨鬼高鹿麻黄黍黑鼎鼓鼠鼻齊龍龜馬鳥魚",
}


def usual(part: str) -> str:
    """The form in which a part is offered and asked for."""
    return _USUAL.get(part, part)


#: Every part of the lists above.
KNOWN = frozenset(FREQUENT).union(*BY_STROKES.values())

#: What is one stroke only, and no part to be asked for.
SINGLE = frozenset("一丨丿丶乀乁乙亅乛𠃊𠃌𠄌𠃋")
STROKES = {part: int(count) for count, parts in BY_STROKES.items() for part in parts}

"""Names of items as cities publish them, invented by putting parts together: place, what is done, to what, for whom."""

from __future__ import annotations

import random
from collections.abc import Iterator

#: 海湾市 and everything in it is invented
PLACES = (
    *("", "海湾市", "东港区", "西山区", "南浦区", "北塘区", "滨海新区"),
    *("临河县", "青石县", "云台镇", "白沙镇", "望海街道"),
)
OBJECTS = (
    *("社会保险参保", "城乡居民基本养老保险", "城镇职工基本养老保险", "城乡居民基本医疗保险", "职工基本医疗保险"),
    *("失业保险", "工伤保险", "生育保险", "住房公积金", "公共租赁住房", "经济适用住房", "商品房预售", "不动产权"),
    *("国有建设用地使用权", "居民身份证", "居住证", "户口簿", "临时身份证", "边境管理区通行证", "机动车驾驶证"),
    *("机动车行驶证", "普通护照", "婚姻", "收养", "最低生活保障", "特困人员供养", "临时救助", "孤儿基本生活保障"),
    *("高龄津贴", "残疾人证", "残疾人两项补贴", "老年人优待证", "退役军人优待证", "烈士遗属抚恤", "生育服务"),
    *("再生育", "独生子女父母奖励", "出生医学证明", "预防接种证", "医疗机构执业", "医师执业", "护士执业"),
    *("公共场所卫生", "放射诊疗", "食品经营", "食品生产", "小作坊食品", "药品经营", "医疗器械经营", "个体工商户"),
    *("有限责任公司", "农民专业合作社", "股份有限公司分公司", "特种设备使用", "计量器具型式", "劳务派遣经营"),
    *("人力资源服务", "民办职业培训学校", "就业困难人员", "高校毕业生", "创业担保贷款", "灵活就业人员社会保险补贴"),
    *("公益性岗位", "就业创业证", "专业技术人员职称", "教师资格", "民办幼儿园", "义务教育入学", "学生资助"),
    *("道路旅客运输经营", "道路货物运输经营", "出租汽车驾驶员从业资格", "网络预约出租汽车", "机动车维修经营"),
    *("渔业捕捞", "水域滩涂养殖", "种子生产经营", "动物防疫条件", "兽药经营", "农药经营", "林木采伐", "取水", "排污"),
    *("建设项目环境影响评价", "建筑工程施工", "城镇燃气经营", "生活垃圾经营性清扫", "户外广告设置", "占用城市道路"),
    *("城市树木砍伐", "烟花爆竹零售", "危险化学品经营", "印刷经营", "出版物零售", "娱乐场所经营", "营业性演出"),
    *("互联网上网服务", "文物保护单位修缮", "宗教活动场所", "社会团体", "民办非企业单位", "基金会", "律师执业"),
    *("公证员执业", "法律援助", "人民调解", "殡葬服务", "公墓建设", "慈善组织公开募捐", "养老机构", "地名"),
    "自备水源取水",
)  # fmt: skip
ACTIONS = (
    *("证明打印", "登记", "变更登记", "注销登记", "设立登记", "备案", "许可", "许可证核发", "许可证延续"),
    *("许可证补发", "申领", "补领", "换领", "申请", "缴费", "缴费记录查询", "待遇申领", "待遇资格认证"),
    *("关系转移接续", "提取", "审核", "审批", "年检", "信息变更", "信息查询", "报销", "补贴申领", "预约"),
)  # fmt: skip
FOR_WHOM = ("", "", "", "（个人）", "（单位）", "（退休）", "（异地）", "（首次）", "（遗失）", "（代办）")


def names(count: int, seed: int = 20261121) -> list[str]:
    """So many different names, always the same ones."""
    every = [f"{p}{o}{a}{w}" for p in PLACES for o in OBJECTS for a in ACTIONS for w in dict.fromkeys(FOR_WHOM)]
    return random.Random(seed).sample(every, count)


def queries(names: list[str], seed: int = 20261122) -> Iterator[tuple[str, str]]:
    """(what kind it is, what a citizen types), cut out of the names, anywhere."""
    chance = random.Random(seed)
    for length in (1, 2, 3, 4, 6, 8):
        for name in chance.sample(names, 60):
            begin = chance.randrange(max(1, len(name) - length + 1))
            yield f"{length} characters", name[begin : begin + length]
    yield from (("whole name", name) for name in chance.sample(names, 60))

"""The sheets of the operator's workbook and their columns, as row 1 names them and row 2 explains them."""

from __future__ import annotations

#: Row 1 holds the headers, row 2 explains them, data begins here.
FIRST_DATA_ROW = 3

#: sheet -> column -> what the operator is told about it
EXPLAINED: dict[str, dict[str, str]] = {
    "city": {
        "name_zh": "城市名称",
        "name_en": "城市英文名称",
        "division": "行政区划代码，6 位",
    },
    "themes": {
        "id": "主题代码，小写英文",
        "name_zh": "主题名称，用群众的话",
        "name_en": "主题英文名称",
        "icon": "图标名称",
    },
    "departments": {
        "dept_code": "实施主体编码：统一社会信用代码，18 位",
        "name_zh": "部门全称",
        "name_en": "部门英文名称",
    },
    "items": {
        "task_code": "实施编码，最多 36 位",
        "catalog_code": "基本编码，12 位",
        "name_zh": "事项名称",
        "name_en": "事项英文名称",
        "popular_terms": "日常用语：群众怎么叫它，用顿号隔开",
        "life_events": "人生事件、一件事：如 出生、入学、就业、结婚、退休，用顿号隔开，可以空着",
        "task_type": "事项类型：01 许可 05 给付 07 确认 10 其他 20 公共服务",
        "project_type": "办件类型：1 即办件 2 承诺件",
        "server_types": "服务对象：1 自然人 2 企业法人，用顿号隔开",
        "dept_code": "实施主体编码，要在 departments 表里",
        "theme": "主题代码，要在 themes 表里",
        "minutes": "在终端上大约要几分钟",
        "agent_allowed": "能不能代办：是 或 否",
        "assurance": "要多确定是本人：初级 或 中级 或 高级；空着是中级",
        "popular_rank": "“这里常办”里排第几；0 不显示",
        "at_terminal": "终端能不能办：是 或 否；否时只显示办事指南",
        "form": "表单文件名，不写 .xlsx；空着表示不用填表",
        "result_name_zh": "办理结果名称；空着表示没有结果证照",
        "result_name_en": "办理结果英文名称",
        "result_template": "证明版式文件名，不写 .typ",
        "result_series": "证明编号前面的字母",
        "result_fields": "证明上印哪些内容：标签=问题名，用顿号隔开；没有表单的空着",
        "result_holder": "持证人姓名、身份证号的问题名；空着表示申请人本人",
        "commitment_title_zh": "承诺书标题；空着表示不用签",
        "commitment_title_en": "承诺书英文标题",
        "plain_zh": "白话版：像对邻居说话，说清是什么、多久、多少钱",
        "plain_en": "白话版英文",
        "condition": "受理条件",
        "flow": "办理流程",
        "law": "设定依据",
        "legal_days": "法定办结时限，工作日",
        "promise_days": "承诺办结时限，工作日；即办件填 0",
        "fee_charged": "是否收费：是 或 否",
        "fee_name": "收费项目；收费时必填",
        "fee_standard": "收费标准；收费时必填",
        "fee_basis": "收费依据；收费时必填",
        "place": "办理地点",
        "hours": "办理时间",
        "consult": "咨询电话",
        "supervise": "监督投诉电话，不能和咨询电话相同",
        "visits": "到现场次数",
        "later_days": "容缺后补、补齐补正要在几个工作日内交：空着是 5",
        "print_pages": "结果证照最多打几页：空着是 10",
        "print_attempts": "确实没有打出来的证照，在终端上最多打几次：空着是 3",
    },
    "situations": {
        "task_code": "实施编码",
        "situation_id": "情形代码，小写英文",
        "question_zh": "问题，用群众的话",
        "question_en": "问题英文",
        "help_zh": "问题下面的一句帮助",
        "help_en": "帮助英文",
        "value": "选项代码，小写英文；一行一个选项",
        "label_zh": "选项文字",
        "label_en": "选项英文",
        "choice_help_zh": "选项下面的一句说明，可以空着",
        "choice_help_en": "选项说明英文",
    },
    "materials": {
        "task_code": "实施编码",
        "material_id": "材料代码，小写英文",
        "name_zh": "材料名称，要准确，不能写“其他材料”",
        "name_en": "材料英文名称",
        "way": "怎么给：card 刚读的身份证 shared 部门共享 scan 现场拍",
        "need": "必要 或 非必要 或 容缺后补",
        "form": "原件 或 复印件 或 原件或复印件",
        "source": "申请人自备 或 政府部门核发 或 其他",
        "copies": "份数",
        "notes_zh": "填报须知，可以空着",
        "notes_en": "填报须知英文",
        "when": "哪些情形才要：情形代码=选项代码，代办写 acting=agent，企业写 acting=company，用顿号隔开；空着表示都要",
        "sides": "要拍几面：1 或 2（正反两面）；空着是 1",
        "most_pages": "最多拍几页；空着是 10",
        "colour": "拍下来怎么存：彩色 或 灰度 或 黑白；空着是彩色",
        "reads": "终端会读的纸：身份证 或 营业执照 或 户口簿页 或 证照 或 表格；空着不读",
        "labels": "表格上要读的内容：字段=标签，用顿号隔开；只有 reads 是“表格”时填",
        "of_applicant": "是不是写着申请人本人的：是 或 否；空着是“是”。是的话，姓名、证号要和登录的一样",
        "licence": "能用哪种电子证照代替：证照类型代码；空着表示没有",
        "reuse_months": "以前办事交过的，几个月内不用再交：空着是 0，每次都要交",
    },
    "commitments": {
        "task_code": "实施编码",
        "order": "第几段",
        "paragraph_zh": "一段承诺",
        "paragraph_en": "一段承诺英文",
    },
    "terminals": {
        "terminal_id": "终端编号",
        "label": "贴在机身上的号",
        "hall_zh": "所在大厅",
        "hall_en": "所在大厅英文",
        "place": "具体位置",
        "division": "行政区划代码",
        "phone": "现场求助电话",
        "card_stays": "拿走身份证就结束办理：是 或 否；空着是否",
        "face_at_login": "刷身份证要核对人脸：是 或 否；空着是否",
        "offline_opens": "断网时离线码能办哪些事项：实施编码，用顿号隔开，或者 全部；空着表示不收离线码",
        "saved_days": "没办完存起来的内容保留几天：0 到 30 的整数，0 表示不能存；空着是 7",
    },
}

SHEETS: dict[str, tuple[str, ...]] = {sheet: tuple(columns) for sheet, columns in EXPLAINED.items()}

#: A form of the workbook's own, as XLSForm; `form` of an item names its form_id.
FORM_SHEETS = ("survey", "choices", "settings")

#: Columns a workbook of before may lack; it then says what an empty cell says.
LATER: dict[str, frozenset[str]] = {
    "items": frozenset({"life_events", "assurance", "later_days", "print_pages", "print_attempts"}),
    "materials": frozenset(
        {"sides", "most_pages", "colour", "reads", "labels", "of_applicant", "licence", "reuse_months"}
    ),
    "terminals": frozenset({"card_stays", "face_at_login", "offline_opens", "saved_days"}),
}

#: The sheet of the template that explains the others; not read.
EXPLANATION = "填写说明"

#: A column whose name begins so is the operators' own and is not read.
REMARKS = ("备注", "#")

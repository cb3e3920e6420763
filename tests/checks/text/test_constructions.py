"""Constructions of official texts, one sentence or more for each: the right one is left alone, the wrong one is found."""

from __future__ import annotations

import pytest

from checks.text.test_sentences import found_in

# World, place, sentence (``worlds.py``).
RIGHT = (
    ("city", "2", "申请总量为183件。"),
    ("city", "5", "2042年，基本建成智慧政务平台。"),
    ("town", "2", "全年收到申请4件，其中网上2件、信函2件，均在当面2次沟通后答复。"),
    # Two numbers have the direction that is told; of places in a list the smaller is the better.
    ("city", "5", "群众满意度由91.0%提升至94.5%，考核排名由第9位提升到第3位。"),
    ("city", "3", "解读材料由120篇增加到1.2万篇，平均用时由15个工作日缩短至13个工作日，栏目由18个精简为12个。"),
    # A split behind a difference is of the count before it; parts of two wholes in turn are no split of one.
    ("city", "1", "举办开放日活动21场，较上年多5场，其中市级9场、县级12场。"),
    ("city", "2", "全市承办行政复议案件640件、行政应诉案件212件，其中涉及信息公开的复议9件、诉讼5件。"),
    # A share that falls to another is no growth of the counts.
    ("city", "2", "申请量较上年净增33件，自然人申请占比由82.7%降至80.9%，下降1.8个百分点。"),
    # The rest takes several results together, and the first part is no whole.
    ("street", "2", "予以公开4件；部分公开1件；其余4件作不予公开、无法提供或其他处理。"),
    # Whose, and when.
    ("city", "1", "交通运输系统作出行政处罚决定410件，应急管理局作出行政处罚决定96件。"),
    ("city", "2", "2022年至2024年，我市分别收到申请131件、150件、183件。"),
    ("city", "2", "县级政府收到申请101件，占全市的55.2%。"),
    ("town", "2", "本镇各站所未收到申请，4件均由党政综合办统一受理。"),
    ("street", "2", "民政所、司法所各收到申请1件，其余7件由街道办收到，共9件。"),
    # Other words for the same rows and kinds.
    ("city", "2", "按申请主体分，个人申请148件，单位申请35件。"),
    ("city", "2", "经复议维持后起诉3件，直接起诉2件。"),
    ("city", "2", "新收183件，接上年7件，共190件；办结181件，转下年9件。"),
    ("water", "1", "受理行政许可申请320件，办结315件，不予受理5件。"),
    ("city", "2", "予以公开、部分公开、不予公开、无法提供分别为66件、17件、13件、60件。"),
    # What courts and reviewing organs did; a result of the form may be told in parts.
    ("city", "2", "行政诉讼5件，法院驳回诉讼请求2件，准予撤诉1件，尚在审理1件。"),
    # Unannounced splits that leave nothing out, or are no split.
    ("city", "5", "抽查答复书80份，优秀41份，合格37份，不合格2份。"),
    ("city", "1", "门户网站公开信息50条，微信20条，微博18条，抖音11条。"),
    ("city", "2", "新收申请由150件攀升到183件。"),
    ("city", "2", "全市法院受理一审行政案件310件，信息公开类占2%。"),
    ("city", "other", "向3名申请人收取信息处理费340元，其余申请均未收费。"),
    ("city", "1", "行政事业性收费3920.5万元，较上年下降2%。"),
    ("city", "2", "复议后起诉3件，维持2件、未审结1件。"),
    ("city", "preamble", "本报告由河阳市人民政府办公室编制。"),
    ("city", "1", "行政许可、行政处罚、行政强制分别为23406件、1187件、64件。"),
    ("city", "2", "14件争议案件中，维持8件，纠正1件，其他3件，未结2件。"),
    ("city", "2", "全市8个县（市、区）中，收到申请20件以上的3个，零申请的1个。"),
    ("city", "2", "新收申请较2022年（131件）上升39.7%，较2023年（150件）上升22%。"),
    ("city", "2", "全市登记办理依申请公开183件（不含上年结转7件）。"),
    ("city", "1", "公开资金信息96条、项目信息43条、检测信息61条，共计200条。"),
    ("city", "1", "印发读本2000册，其中社区800册、学校600册、企业600册。"),
    ("city", "5", "测评得分由88.2分提高到92.6分，提高4.4分。"),
    ("city", "5", "政务公开工作工作人员参加培训，公开公开专区建设经验。"),
)
WRONG = (
    ("city", "2", "市级部门收到申请97件、县（市、区）收到申请80件，全市共收到申请183件。"),
    ("city", "2", "自然人申请占比由82.7%降至80.9%，下降2.8个百分点。"),
    ("city", "2", "不予公开13件、无法提供60件，二者合计83件。"),
    ("city", "2", "予以公开、部分公开、不予公开、无法提供分别为66件、17件、13件、50件。"),
    ("city", "2", "行政诉讼案件中，法院驳回原告诉讼请求4件。"),
    ("city", "2", "法院判决撤销答复2件。"),
    ("town", "2", "收到申请4件，全部为法人申请。"),
    ("town", "2", "答复4件，公开4件，信息不存在1件。"),
    ("town", "2", "2020年收到申请4件，均已答复。"),
    ("city", "4", "政务新媒体账号64个，其中微信41个、微博12个、其他8个。"),
    ("town", "2", "全年无人申请公开政府信息。"),
    ("city", "2", "属于信访投诉的12件、重复申请的6件，均已告知。"),
    ("city", "2", "行政复议案件全部被维持。"),
    ("city", "1", "图解31个、短视频22个，共发布解读产品55个。"),
    ("city", "5", "群众满意度由91.0%提升到94.5%，提升2.5个百分点。"),
    ("city", "5", "组织干部1XX人参加测试。"),
    ("city", "1", "行政事业性收费3920.5万元，较上年增长2%。"),
    ("city", "2", "复议后起诉3件，维持3件。"),
    ("city", "1", "行政许可、行政处罚、行政强制分别为23406件、1187件、46件。"),
    ("city", "1", "公开信息2400条，较上年增长3.2%%。"),
    ("city", "4", "微信粉丝42万，微博粉丝28万，抖音粉丝16万，总量96万。"),
    ("city", "2", "未经复议直接起诉的2件中，2件判决驳回原告诉讼请求。"),
    ("city", "2", "新收申请较2023年（150件）上升27%。"),
    ("city", "2", "全市登记办理依申请公开138件（不含上年结转7件）。"),
    ("water", "2", "被复议2件，被诉3件。"),
    ("city", "1", "印发读本2000册，其中社区800册、学校600册、企业700册。"),
    ("city", "1", "行政许可办理24306件，全部按期办结。"),
    ("city", "1", "一般程序900件、简易程序307件，行政处罚合计1187件。"),
    ("city", "3", "清理规章和规范性文件106件，保留92件、废止24件。"),
    ("city", "5", "组织2期培训班，第一期86人，第二期92人，共188人。"),
    ("city", "5", "测评得分由88.2分提高到92.6分，提高5.4分。"),
    ("city", "2", "全年收到{新收数}件申请。"),
    ("city", "2", "全年收到申请183，件。"),
    ("city", "preamble", "本报告依据国办公开办函〔2012〕30号文件编制。"),
    ("city", "4", "部门网站由18家整合为11家，精减9家。"),
    ("city", "5", "抽查答复书80份，优秀41份，合格37份，不合格5份。"),
    ("city", "5", "全市32家单位参加考核，优秀9家，良好20家，一般5家。"),
    ("city", "1", "公开政策解读信息96条件。"),
    ("city", "1", "参加宣讲的群众300余人余次。"),
    ("city", "1", "门户网站公开信息{{ figures.website }}条。"),
    ("city", "3", "由某某镇负责审核。"),
    ("city", "2", "依申请公开工作工作稳步开展。"),
    ("city", "2", "畅通申请申请渠道。"),
    # A direction that the two numbers have not; all of the requests, of which the table knows less.
    ("city", "5", "群众满意度由94.5%提升至91.0%。"),
    ("city", "3", "平均用时由15个工作日缩短至17个工作日。"),
    ("town", "2", "4件申请全部予以公开。"),
    # One part more than the whole in a list that was complete; a total with 为; a year that is not yet.
    ("town", "2", "全年收到申请4件，其中网上2件、信函2件、当面1件。"),
    ("city", "2", "全年申请总量为1830件。"),
    ("city", "2", "法律服务机构、科研机构分别提出申请140件、30件。"),
    ("city", "5", "2042年，召开政务公开推进会3次。"),
)


@pytest.mark.parametrize(("world", "place", "sentence"), RIGHT)
def test_a_right_sentence_is_left_alone(world: str, place: str, sentence: str) -> None:
    assert [finding.message for finding in found_in(world, place, sentence)] == []


@pytest.mark.parametrize(("world", "place", "sentence"), WRONG)
def test_a_sentence_with_a_defect_is_found(world: str, place: str, sentence: str) -> None:
    assert found_in(world, place, sentence) != []

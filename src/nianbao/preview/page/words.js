// What the page around the report says, in both languages.
const zh = {
  page: "网页", pdf: "PDF", sheets: "工作簿",
  making: "正在生成…", checking: "正在检查…", done: s => `已更新，用时 ${s} 秒`, ended: "预览已结束。请在终端重新运行 nianbao preview",
  blocked: n => `草稿：有 ${n} 个错误，不能发布`,
  findings: "检查结果", steps: "最近一次运行", notes: "说明", none: "没有发现问题",
  counts: c => `核对 ${c.evaluated} 项：错误 ${c.errors}，警告 ${c.warnings}，提示 ${c.notes}，无法核对 ${c.not_assessable}`,
  failed: "页面没有更新，下面仍是上一次的结果", inputsWrong: "输入文件有误，请先看右侧的检查结果",
  severity: {error: "错误", warning: "警告", note: "提示"},
  state: {fail: "不通过", warn: "需核实", uncertain: "不确定", not_assessable: "无法核对"},
  waived: "已豁免：", jump: "跳到报告中的位置", nothingRan: "没有内容变化，全部沿用", saved: names => `因为保存了 ${names}`, total: "合计",
  fallbacks: "以下字符由其他字体代替：", unvouched: "以下内容无法保证可以重做：",
  outdated: "nianbao 程序本身已改动：结束预览再重新启动，改动才起作用",
  message: f => f.message, listed: names => names.join("、"),
};
const en = {
  page: "Page", pdf: "PDF", sheets: "Workbook",
  making: "making…", checking: "checking…", done: s => `up to date, ${s} s`, ended: "The preview has ended: run nianbao preview again",
  blocked: n => `Draft: ${n} error${n === 1 ? "" : "s"}; it cannot be published`,
  findings: "Findings", steps: "The last run", notes: "Notes", none: "nothing found",
  counts: c => `${c.evaluated} checks: ${c.errors} errors, ${c.warnings} warnings, ${c.notes} notes, ${c.not_assessable} not assessable`,
  failed: "The page could not be made; below is the last good one", inputsWrong: "The inputs are wrong: the findings beside say where",
  severity: {error: "error", warning: "warning", note: "note"},
  state: {fail: "fails", warn: "to be looked at", uncertain: "uncertain", not_assessable: "not assessable"},
  waived: "waived: ", jump: "Go to its place in the report", nothingRan: "nothing changed", saved: names => `because of ${names}`, total: "in all",
  fallbacks: "Another font serves these characters: ", unvouched: "Nobody can vouch for: ",
  outdated: "nianbao's own code was changed: end the preview and start it again to see what that does",
  message: f => f.message_en, listed: names => names.join(", "),
};
export const words = document.documentElement.lang.startsWith("zh") ? zh : en;

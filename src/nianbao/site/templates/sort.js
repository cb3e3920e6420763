"use strict";
// Tables of class "sortable": a button in each head sorts the rows by that column. The order stands in the address
// (#sort=2-descending), so that it is there again when a reader comes back. Without this script the tables are as
// they were written.
for (const [index, table] of document.querySelectorAll("table.sortable").entries()) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const written = [...body.rows];
  if (written.length < 2) continue;
  const name = index ? `sort${index + 1}` : "sort";

  // Numbers before words; what is empty comes last either way.
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = text.replace(/,/g, "").match(/^[+-]?\d+(\.\d+)?(?=[%年]?$)/);
    return ["", "—", "无此栏"].includes(text) ? null : number ? Number(number[0]) : text;
  };
  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return one.localeCompare(other, "zh-CN");
  };
  const sort = (column, direction) => {
    const sign = direction === "descending" ? -1 : 1;
    const keyed = written.map((row) => [value(row, column), row]);
    keyed.sort(([one], [other]) =>
      one === null || other === null ? (one === null) - (other === null) : sign * compare(one, other));
    body.append(...keyed.map(([, row]) => row));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", direction);
  };

  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
      sort(column, direction);
      const state = new URLSearchParams(location.hash.slice(1));
      state.set(name, `${column}-${direction}`);
      history.replaceState(null, "", `#${state}`);
    });
  }
  const [column, direction] = (new URLSearchParams(location.hash.slice(1)).get(name) ?? "").split("-");
  if (heads[column] && /^(de|a)scending$/.test(direction)) sort(Number(column), direction);
}

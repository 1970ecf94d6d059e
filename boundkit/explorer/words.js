// What is written on the page.
const $$ = id => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const claimText = (claim, bound) => claim.says
  || `${claim.left} ${text.operator(claim.operator)} ${text.number(bound[0], 5, claim.toward)}`;
const claimsText = found => told.statements[found.name].claims.map((claim, i) => claimText(claim, found.bounds[i]));
const atText = (values, but = []) => Object.keys(values).filter(name => !but.includes(name))
  .map(name => `${parameterOf(name)?.text ?? name} = ${text.value(values[name])}`).join(", ");
const verdictText = found => found.verdict === CLOSE
  ? "too close to call here; ask Python"
  : `${told.verdicts[found.verdict]}${found.verdict === "VACUOUS" ? ` (${found.vacuousReason})` : ""}`;
const verdictWord = verdict => verdict === CLOSE ? "too close" : verdict.toLowerCase();

const isKnown = found => ![found.log, ...found.bounds].some(x => b.undefinedAt(x) || Number.isNaN(x[0]));

const showVerdict = found => {
  const s = told.statements[found.name];
  const likely = s.random ? `with probability at least ${text.probability(found.log[0])}` : "always";
  const promise = `${likely}: ${claimsText(found).join(" and ")}`;
  const known = isKnown(found);
  const says = {
    INAPPLICABLE: `Nothing is promised.${known ? ` The formula would say: ${promise}.` : ""}`,
    VACUOUS: `It promises nothing: ${found.vacuousReason}.`,
    INFORMATIVE: `${promise[0].toUpperCase()}${promise.slice(1)}.`,
  }[found.verdict] ?? "Both sides agree to the last digits that a browser tells: too close to call here; ask Python.";
  const word = make("b", { class: "verdict" }, verdictWord(found.verdict));
  $$("verdict").replaceChildren(word, make("span", {}, says));
  $$("verdict").dataset.verdict = found.verdict;
};

const sides = check => {
  const [left, right] = [check.left[0], check.right[0]];
  for (let digits = 6; digits < 17; digits += 1) {
    const shown = [text.number(left, digits), text.number(right, digits)];
    if (shown[0] !== shown[1] || left === right) return shown;
  }
  return [text.number(left, 17), text.number(right, 17)];
};
const margin = ({ left, right, operator, holds, needed }) => {
  const [x, y] = [left[0], right[0]];
  if (holds === null) return "too close to call";
  if (["==", "!="].includes(operator)) return "";
  if (x === y) return "with equality";
  const short = x > 0 && y > 0 ? `by a factor ${text.number(Math.max(x / y, y / x), 4)}`
    : `by ${text.number(Math.abs(x - y), 4)}`;
  const nearestInteger = operator === ">=" ? Math.ceil(y) : Math.floor(y);
  const certain = Math.ceil(right[1]) === Math.ceil(right[2]) && Math.abs(y) < 2 ** 53;
  if (holds || !needed || !certain) return short;
  return `${short}; ${needed} ${text.operator(operator)} ${nearestInteger} is needed`;
};
const showHypotheses = found => {
  const rows = found.checks.map(check => {
    const [left, right] = sides(check);
    const shown = check.holds === false ? text.opposite(check.operator) : text.operator(check.operator);
    const word = check.holds === null ? "open" : check.holds ? "holds" : "fails";
    return make("tr", { class: word, "data-left": check.left[0], "data-right": check.right[0] },
      make("td", { class: "mark" }, word), make("td", {}, text.pretty(check.text)),
      make("td", { class: "number" }, `${left} ${shown} ${right}`, make("div", { class: "small" }, margin(check))));
  });
  if (!rows.length) rows.push(make("tr", {}, make("td", {}, "None that numbers can decide.")));
  $$("hypotheses").replaceChildren(...rows);
  const { assumed } = here();
  $$("assumed").textContent = assumed.length ? `Assumed: ${assumed.join("; ")}.` : "";
};

const exactText = (name, exact) => {
  const s = told.statements[name];
  if (!exact || exact.isHere && b.undefinedAt(exact.value)) return "no exact law here";
  if (b.undefinedAt(exact.value)) return "no exact law at the nearest stops";
  const shown = s.random ? text.failure(exact.value[2]) : text.number(exact.value[0]);
  const upTo = s.random && s.truthIs !== "exact" ? "≤ " : "";
  return exact.isHere ? `${upTo}${shown}` : `${upTo}${shown} at ${atText(exact.at)}, the nearest stops`;
};
const showPromise = (found, ours, values) => {
  const columns = [found, ...(ours ? [ours] : [])];
  const row = (title, shown, raw = () => "") => make("tr", {}, make("th", { scope: "row" }, title),
    ...columns.map(column => make("td", { "data-value": raw(column) }, ...[shown(column)].flat())));
  const lines = parts => parts.flatMap((part, i) => (i ? [make("br"), part] : [part]));
  const titles = columns.map(c => make("th", { scope: "col" }, told.statements[c.name].title));
  const head = make("tr", {}, make("td"), ...titles);
  const rows = [row("claims", c => lines(claimsText(c)), c => JSON.stringify(c.bounds.map(x => String(x[0]))))];
  const exacts = new Map(columns.map(c => [c, exactly(c.name, values)]));
  if (here().random) {
    rows.push(
      row("may fail with", c => `≤ ${text.failure(c.log[0])}`, c => c.log[0]),
      row("exact failure probability", c => exactText(c.name, exacts.get(c)), c => exacts.get(c)?.value[0] ?? ""),
    );
  } else if (exacts.get(found)) {
    const title = `${here().claims[0].left} exactly`;
    rows.push(row(title, c => exactText(c.name, exacts.get(c)), c => exacts.get(c).value[0]));
  }
  if (ours) rows.push(row("verdict", verdictText, c => c.verdict));
  $$("promise").replaceChildren(head, ...rows);
  const { truth, truthIs, truthAssumes, random } = here();
  const atMost = truthIs === "exact" ? "" : ", at most";
  const assumed = truthAssumes.length ? ` It assumes: ${truthAssumes.join("; ")}.` : "";
  $$("exact").textContent = !truth ? "No law is known for this quantity: it is measured on trained networks."
    : random ? `It fails with probability ${text.pretty(truth)}${atMost}.${assumed}` : "";
};

const NO_PLACE = 65535;
const LAW_ERROR = 1e-13; // of a log, relative: the float laws are better
const CLOSE = "TOO_CLOSE";

// --- Exact laws: looked up at the sliders' stops, nowhere else.
const unpacked = (base64, Kind) => new Kind(Uint8Array.from(atob(base64), c => c.charCodeAt(0)).buffer);
const laws = told.laws.map(({ groups, sizes, logs }) => ({
  sizes,
  logs: unpacked(logs, Float64Array),
  groups: groups.map(group => ({ ...group, places: unpacked(group.places, Uint16Array) })),
}));
const law = (number, v) => {
  const { groups, sizes, logs } = laws[number];
  let at = 0;
  for (const [axis, { letters, stops, places }] of groups.entries()) {
    let place = 0;
    for (const [i, letter] of letters.entries()) {
      const stop = stops[i].indexOf(v[letter][0]);
      if (stop < 0) return b.nowhere;
      place = place * stops[i].length + stop;
    }
    if (places[place] === NO_PLACE) return b.nowhere;
    at = at * sizes[axis] + places[place];
  }
  const log = logs[at], error = Math.abs(log) * LAW_ERROR;
  return Number.isFinite(log) ? [log, log - error, log + error] : b.point(log);
};

// --- Positions on a slider: whole at its stops, between them by ratio, or by difference where a stop is not positive.
const position = (stops, x) => {
  const last = stops.length - 1;
  if (!(x > stops[0])) return 0;
  if (x >= stops[last]) return last;
  const i = stops.findIndex(stop => stop > x) - 1;
  const [low, high] = [stops[i], stops[i + 1]];
  return i + (low > 0 ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low));
};
const valueAt = (stops, at) => {
  const i = Math.min(Math.max(Math.floor(at), 0), stops.length - 1), share = at - i;
  if (share <= 0 || i === stops.length - 1) return stops[i];
  const [low, high] = [stops[i], stops[i + 1]];
  return low > 0 ? low * (high / low) ** share : low + (high - low) * share;
};
// Where a value is drawn: by its logarithm where the stops are wide apart, a stop at 0 one step before the first.
const along = stops => {
  const from = stops[0] === 0 ? 1 : 0, low = stops[from], high = stops[stops.length - 1];
  if (low < 0) return x => position(stops, x);
  if (high <= 30 * low) return x => x;
  const step = Math.log10(high / low) / 12;
  return x => (x >= low ? Math.log10(x) : Math.log10(low) - step * (1 - x / low));
};
const nearest = (stops, x) => stops[Math.round(position(stops, x))];

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const page = formulas => {
  const $$ = id => document.getElementById(id);
  const state = { name: "", values: {}, errors: {}, of: "failure", x: "", across: "", up: "" };
  const controls = {};
  const plots = {};
  const drawn = { curve: "", map: "" };

  // --- A statement at values.
  const here = () => told.statements[state.name];
  const letterOf = name => here().letters.find(letter => letter.name === name);
  const points = values => Object.fromEntries(Object.entries(values).map(([name, x]) => [name, b.point(x)]));

  const outside = (name, values) => {
    const f = formulas[name], v = points(values);
    for (const letter of told.statements[name].letters) {
      const p = letter.name, at = `${letter.text} = ${text.value(values[p])}: ${letter.meaning} is`;
      if (letter.integer && !Number.isInteger(values[p])) return [p, `${at} an integer`];
      for (const [ends, shown, test, word] of [
        [f.low[p], letter.low, letter.strict ? ">" : ">=", letter.strict ? "above" : "at least"],
        [f.high[p], letter.high, "<=", "at most"],
      ]) {
        if (!ends) continue;
        const end = ends(v);
        const limit = shown in values ? `${shown} = ${text.value(values[shown])}` : shown;
        if (b.holds(test, v[p], end) === false) return [p, `${at} ${word} ${limit}`];
      }
    }
    return null;
  };

  const look = (name, v) => {
    const f = formulas[name], s = told.statements[name];
    const checks = s.hypotheses.map((h, i) => {
      const left = f.left[i](v), right = f.right[i](v);
      return { ...h, left, right, holds: b.holds(h.operator, left, right) };
    });
    const log = f.logFailure(v);
    const surely = b.undefinedAt(log) ? false : b.holds("<", log, b.point(0));
    const met = b.and(...f.alwaysMet.map(relation => relation !== null && relation(v)));
    const answers = checks.map(check => check.holds);
    const empty = surely === false ? "it allows failure with probability 1" : met ? "its bound is always met" : "";
    const verdict = answers.includes(false) ? "INAPPLICABLE" : answers.includes(null) ? CLOSE
      : empty ? "VACUOUS" : surely === null || met === null ? CLOSE : "INFORMATIVE";
    return { name, v, checks, log, empty, verdict, bounds: f.bounds.map(bound => bound(v)) };
  };

  // The sharpened statement at the same letters; its other letters are given by formulas, or have their own sliders.
  const sharpenedAt = values => {
    const { sharpened } = here();
    if (!sharpened) return null;
    const v = points(values), at = { ...v };
    for (const [letter, formula] of Object.entries(formulas[state.name].sharpened)) at[letter] = formula(v);
    return look(sharpened, at);
  };

  // The truth at the stops nearest to the letters that it needs, and which these are.
  const exactly = (name, values) => {
    const s = told.statements[name], f = formulas[name];
    if (!f.truth) return null;
    if (!s.random) return { value: f.truth(points(values)), at: {}, isHere: true };
    const at = {};
    for (const letter of s.truthLetters) {
      const { stops } = s.letters.find(p => p.name === letter);
      at[letter] = nearest(stops, values[letter]);
    }
    return {
      value: f.truth(points(at)), at,
      isHere: Object.entries(at).every(([letter, x]) => x === values[letter]),
    };
  };

  // --- What is written.
  const claimText = (claim, bound) => claim.says
    || `${claim.left} ${text.operator(claim.operator)} ${text.number(bound[0], 5, claim.toward)}`;
  const claimsText = found => told.statements[found.name].claims.map((claim, i) => claimText(claim, found.bounds[i]));
  const atText = (values, but = []) => Object.keys(values).filter(name => !but.includes(name))
    .map(name => `${letterOf(name)?.text ?? name} = ${text.value(values[name])}`).join(", ");
  const verdictText = found => found.verdict === CLOSE
    ? "too close to call here; ask Python"
    : `${told.verdicts[found.verdict]}${found.verdict === "VACUOUS" ? ` (${found.empty})` : ""}`;
  const verdictWord = verdict => verdict === CLOSE ? "too close" : verdict.toLowerCase();

  const showVerdict = found => {
    const s = told.statements[found.name];
    const likely = s.random ? `with probability at least ${text.probability(found.log[0])}` : "always";
    const promise = `${likely}: ${claimsText(found).join(" and ")}`;
    const known = ![found.log, ...found.bounds].some(b.undefinedAt);
    const says = {
      INAPPLICABLE: `Nothing is promised.${known ? ` The formula would say: ${promise}.` : ""}`,
      VACUOUS: `It promises nothing: ${found.empty}.`,
      INFORMATIVE: `${promise[0].toUpperCase()}${promise.slice(1)}.`,
    }[found.verdict] ?? "Both sides agree to the last digits that a browser can tell: too close to call here; ask Python.";
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
    return !holds && needed && certain ? `${short}; ${needed} ${text.operator(operator)} ${nearestInteger} is needed` : short;
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
    if (!exact || b.undefinedAt(exact.value)) return `no exact law ${!exact || exact.isHere ? "here" : "at the nearest stops"}`;
    const shown = s.random ? text.failure(exact.value[2]) : text.number(exact.value[0]);
    const upTo = s.random && s.truthIs !== "exact" ? "≤ " : "";
    return exact.isHere ? `${upTo}${shown}` : `${upTo}${shown} at ${atText(exact.at)}, the nearest stops`;
  };
  const showPromise = (found, ours, values) => {
    const columns = [found, ...(ours ? [ours] : [])];
    const row = (title, shown, raw = () => "") => make("tr", {}, make("th", { scope: "row" }, title),
      ...columns.map(column => make("td", { "data-value": raw(column) }, ...[shown(column)].flat())));
    const lines = parts => parts.flatMap((part, i) => (i ? [make("br"), part] : [part]));
    const head = make("tr", {}, make("td"), ...columns.map(c => make("th", { scope: "col" }, told.statements[c.name].title)));
    const rows = [row("claims", c => lines(claimsText(c)), c => JSON.stringify(c.bounds.map(x => String(x[0]))))];
    const exacts = new Map(columns.map(c => [c, exactly(c.name, values)]));
    if (here().random) {
      rows.push(
        row("may fail with", c => `≤ ${text.failure(c.log[0])}`, c => c.log[0]),
        row("fails in fact with", c => exactText(c.name, exacts.get(c)), c => exacts.get(c)?.value[0] ?? ""),
      );
    } else if (exacts.get(found)) {
      rows.push(row(`${here().claims[0].left} in fact`, c => exactText(c.name, exacts.get(c)), c => exacts.get(c).value[0]));
    }
    if (ours) rows.push(row("verdict", verdictText, c => c.verdict));
    $$("promise").replaceChildren(head, ...rows);
    const assumed = here().truthAssumes.length ? ` It assumes: ${here().truthAssumes.join("; ")}.` : "";
    $$("exact").textContent = !here().truth ? "No law is known for this quantity: it is measured on trained networks."
      : here().random ? `In fact it fails with probability ${text.pretty(here().truth)}${here().truthIs === "exact" ? "" : ", at most"}.${assumed}` : "";
  };

  // --- Pictures.
  const COLOURS = {
    INAPPLICABLE: ["#e8e8e8", "does not apply"], VACUOUS: ["#9fb8cc", "promises nothing"],
    [CLOSE]: ["#e69f00", "too close to call"], INFORMATIVE: ["#0072b2", "says something"],
    sharpened: ["#009e73", ""],
  };
  const DECIMALS = Math.log(10);
  const ticks = (stops, most) => {
    const round = stops.flatMap((x, i) => (x !== 0 && Number.isInteger(Math.log10(Math.abs(x))) ? [i] : []));
    const every = Math.ceil(stops.length / most);
    const kept = round.length >= 3 ? round : stops.flatMap((_, i) => (i % every === 0 ? [i] : []));
    if (stops[0] === 0 && kept[0] !== 0) kept.unshift(0);
    return kept.map(i => stops[i]);
  };
  const setAxis = (axis, label, shown) => {
    axis.ticker.ticks = shown.map(([place]) => place);
    axis.major_label_overrides = new Map(shown);
    axis.axis_label = label;
  };
  const stopTicks = stops => ticks(stops, 8).map(x => [along(stops)(x), text.tick(x)]);
  // Heights are drawn by their logarithm: powers of ten are written, 1, 2 and 5 times them where there are few, or
  // evenly spaced values where there are fewer still.
  const heightTicks = (low, high) => {
    const powers = (every, from = Math.ceil(low / every), to = Math.floor(high / every)) =>
      Array.from({ length: to - from + 1 }, (_, i) => (from + i) * every);
    if (high - low > 2.5) {
      const round = [1, 2, 5, 10, 20, 50, 100].find(every => (high - low) / every <= 8) ?? 1000;
      return powers(round).map(p => [p, text.power(p)]);
    }
    if (high - low > 0.9) {
      return powers(1, Math.floor(low)).flatMap(p => [1, 2, 5].map(x => Number(`${x}e${p}`)))
        .filter(x => Math.log10(x) >= low && Math.log10(x) <= high).map(x => [Math.log10(x), text.number(x)]);
    }
    const rough = (10 ** high - 10 ** low) / 4, ten = Math.floor(Math.log10(rough));
    const step = Number(`${[1, 2, 5, 10].find(s => s * 10 ** ten >= rough)}e${ten}`);
    return powers(step, Math.ceil(10 ** low / step), Math.floor(10 ** high / step)).map(x => [Math.log10(x), text.number(x, 4)]);
  };
  const setRange = (range, start, end) => range.setv({ start, end });
  const source = (plot, name) => {
    const found = plots[plot].renderers.map(r => r.data_source).find(candidate => candidate.name === name);
    return columns => { found.data = columns; };
  };
  const legend = (id, entries) => $$(id).replaceChildren(...entries.map(([colour, says, style]) =>
    make("span", {}, make("i", { class: style ?? "", style: `--colour: ${colour}` }), says)));

  const between = letter => {
    const values = letter.stops.flatMap((_, i) => [0, 0.25, 0.5, 0.75].map(share => valueAt(letter.stops, i + share)));
    return [...new Set(letter.integer ? values.map(Math.round) : values)];
  };
  const decades = log => (log < 0 ? -log / DECIMALS : NaN);

  const drawCurve = values => {
    const letter = letterOf(state.x), { stops } = letter, s = here();
    const byFailure = state.of === "failure" && s.random;
    const height = found => (byFailure ? decades(found.log[0]) : found.bounds[0][0]);
    const lines = { applies: [], elsewhere: [], sharpened: [], exact: [] };
    const place = along(stops);
    const put = (name, x, y) => lines[name].push([place(x), y > 0 && Number.isFinite(y) ? Math.log10(y) : NaN]);
    for (const x of between(letter)) {
      const at = { ...values, [state.x]: x };
      const inside = !outside(state.name, at);
      const found = inside && look(state.name, points(at));
      const applies = inside && found.verdict !== "INAPPLICABLE";
      put("applies", x, applies ? height(found) : NaN);
      put("elsewhere", x, inside && !applies ? height(found) : NaN);
      const ours = inside && sharpenedAt(at);
      put("sharpened", x, ours && ours.verdict !== "INAPPLICABLE" ? height(ours) : NaN);
    }
    let exactAt = {};
    if (s.random ? byFailure : formulas[state.name].truth) {
      for (const x of stops) {
        const at = { ...values, [state.x]: x }, exact = !outside(state.name, at) && exactly(state.name, at);
        if (!exact) continue;
        exactAt = exact.at;
        put("exact", x, byFailure ? decades(exact.value[0]) : exact.value[0]);
      }
    }
    for (const [name, line] of Object.entries(lines)) {
      source("curve", name)({ x: line.map(([x]) => x), y: line.map(([, y]) => y) });
    }
    const heights = Object.values(lines).flat().map(([, y]) => y).filter(Number.isFinite);
    $$("curve").hidden = !heights.length;
    if (heights.length) {
      const high = Math.max(...heights), low = Math.max(Math.min(...heights), byFailure ? Math.min(-2, high - 1) : -Infinity);
      const pad = Math.max((high - low) * 0.06, 0.1);
      setRange(plots.curve.y_range, low - pad, high + pad);
      setAxis(plots.curve.left[0], byFailure ? "−log₁₀ of the failure probability" : `bound of ${s.claims[0].left}`,
        heightTicks(low - pad, high + pad));
      setRange(plots.curve.x_range, ...padded(stops.map(place)));
    }
    setAxis(plots.curve.below[0], letter.text, stopTicks(stops));
    const has = name => lines[name].some(([, y]) => Number.isFinite(y));
    const word = s.truthIs === "exact" ? "exact" : "exact, at most", claimed = byFailure ? "claimed" : "bound";
    legend("curve-legend", [
      ["#0072b2", claimed], ["#0072b2", has("applies") ? "the same where it does not apply" : `${claimed}; it applies nowhere here`, "dotted"],
      ["#009e73", told.statements[s.sharpened]?.title ?? "", "dashed"], ["#d55e00", s.random ? word : "in fact", "dots"],
    ].filter((_, i) => has(Object.keys(lines)[i])));
    const off = Object.entries(exactAt).filter(([name, x]) => name !== state.x && x !== values[name]);
    const fixed = atText(values, [state.x]);
    $$("curve-caption").textContent = heights.length
      ? `${byFailure ? "Higher is safer. " : ""}At ${fixed}.${off.length && has("exact")
        ? ` Exact points are at ${off.map(([name, x]) => `${letterOf(name).text} = ${text.value(x)}`).join(", ")}, the nearest stops.` : ""}`
      : `Nothing to draw at ${fixed}: ${byFailure ? "no failure probability below 1" : "no bound above 0"}.`;
  };

  const padded = places => {
    const pad = (places.at(-1) - places[0]) * 0.02;
    return [places[0] - pad, places.at(-1) + pad];
  };
  const thinned = stops => {
    const every = Math.ceil(stops.length / 36);
    return stops.filter((_, i) => (stops.length - 1 - i) % every === 0);
  };
  // Cells meet halfway between the values that they stand for.
  const borders = (values, stops) => {
    const at = values.map(along(stops)), first = Math.min(at[0], along(stops)(stops[0]));
    const middles = at.slice(1).map((x, i) => (at[i] + x) / 2);
    const ends = [first - (middles[0] - at[0]), ...middles, 2 * at.at(-1) - middles.at(-1)];
    return values.map((_, i) => [ends[i], ends[i + 1]]);
  };
  const drawMap = values => {
    const [across, up] = [letterOf(state.across), letterOf(state.up)];
    const columns = thinned(across.stops), rows = thinned(up.stops);
    const [xs, ys] = [borders(columns, across.stops), borders(rows, up.stops)];
    const cells = { across: [], up: [], left: [], right: [], bottom: [], top: [], color: [] }, seen = new Set();
    columns.forEach((x, column) => rows.forEach((y, row) => {
      const at = { ...values, [across.name]: x, [up.name]: y };
      if (outside(state.name, at)) return;
      let kind = look(state.name, points(at)).verdict;
      if (kind !== "INFORMATIVE" && sharpenedAt(at)?.verdict === "INFORMATIVE") kind = "sharpened";
      seen.add(kind);
      cells.across.push(x);
      cells.up.push(y);
      cells.left.push(xs[column][0]);
      cells.right.push(xs[column][1]);
      cells.bottom.push(ys[row][0]);
      cells.top.push(ys[row][1]);
      cells.color.push(COLOURS[kind][0]);
    }));
    source("map", "cells")(cells);
    setRange(plots.map.x_range, ...padded(xs.flat()));
    setRange(plots.map.y_range, ...padded(ys.flat()));
    setAxis(plots.map.below[0], across.text, stopTicks(across.stops));
    setAxis(plots.map.left[0], up.text, stopTicks(up.stops));
    const title = told.statements[here().sharpened]?.title;
    legend("map-legend", Object.entries(COLOURS).filter(([kind]) => seen.has(kind))
      .map(([kind, [colour, says]]) => [colour, says || `only ${title} says something`, "box"]));
    $$("map-caption").textContent = `At ${atText(values, [across.name, up.name]) || "all sizes"}. Blank: no such sizes. Tap to go there.`;
  };

  const markHere = (found, values) => {
    const byFailure = state.of === "failure" && here().random;
    const height = byFailure ? decades(found.log[0]) : found.bounds[0][0];
    const place = name => along(letterOf(name).stops)(values[name]);
    const x = place(state.x);
    source("curve", "here")(height > 0 && Number.isFinite(height) ? { x: [x], y: [Math.log10(height)] } : { x: [], y: [] });
    source("map", "here")({ x: [place(state.across)], y: [place(state.up)] });
  };
  const draw = (found, values) => {
    const key = but => JSON.stringify([state.name, but, state.of, Object.entries(values).filter(([name]) => !but.includes(name))]);
    const [curve, map] = [key([state.x]), key([state.across, state.up])];
    if (drawn.curve !== curve) drawCurve(values);
    if (drawn.map !== map) drawMap(values);
    Object.assign(drawn, { curve, map });
    markHere(found, values);
  };

  // --- Copies.
  const link = () => {
    const words = Object.entries(state.values).map(([name, x]) => `${name}=${text.value(x)}`);
    const seen = [`of=${state.of}`, `x=${state.x}`, `across=${state.across}`, `up=${state.up}`];
    return `#${state.name}?${[...words, ...seen.map(word => `show.${word}`)].join("&")}`;
  };
  const own = values => Object.entries(values).filter(([name]) => !here().ownLetters.includes(name));
  const copies = {
    python: () => `bk.${state.name}(${own(state.values).map(([name, x]) => `${name}=${text.value(x)}`).join(", ")})`,
    latex: () => {
      const found = look(state.name, points(state.values));
      const claims = here().claims.map((claim, i) => claim.says ? claim.tex
        : `${claim.tex} ${text.latex(text.number(found.bounds[i][0], 5, claim.toward))}`).join(" \\text{ and } ");
      const shown = text.probability(found.log[0]).split(" - ");
      const likely = [...shown.slice(0, -1), text.latex(shown.at(-1))].join(" - ");
      const warning = found.verdict === "INFORMATIVE" ? "" : `% ${verdictText(found)}\n`;
      return warning + (here().random ? `\\Pr\\left[ ${claims} \\right] \\geq ${likely}` : claims);
    },
    link: () => location.href.split("#")[0] + link(),
  };
  const copy = async kind => {
    const area = $$("copy");
    area.value = copies[kind]();
    area.hidden = false;
    let done = false;
    try {
      await navigator.clipboard.writeText(area.value);
      done = true;
    } catch {
      area.select();
    }
    $$("copied").textContent = done ? "copied" : "selected below: copy it with the keyboard";
  };

  // --- Input.
  const parse = (letter, typed) => {
    const word = typed.trim();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(word)) {
      return [NaN, `${letter.text}: “${word.slice(0, 40)}” is not a number; write an integer, a decimal or 1e6`];
    }
    const x = Number(word), size = Math.abs(x);
    if (x !== 0 && !(size >= 1e-300 && size <= 1e300)) return [NaN, `${letter.text}: sizes from 1e-300 to 1e300 are understood`];
    if (letter.integer && size > 2 ** 53) return [NaN, `${letter.text}: a browser holds integers up to 2^53; ask Python`];
    return [x, ""];
  };
  const showControl = (name, typing = false) => {
    const { slider, box } = controls[name], x = state.values[name];
    slider.value = Math.round(position(letterOf(name).stops, x));
    slider.setAttribute("aria-valuetext", text.value(x));
    if (!typing) box.value = text.value(x);
  };
  // A slider never leads outside: a letter that would pass its end stops there, and takes the others along.
  const settle = moved => {
    const f = formulas[state.name];
    for (const name of [moved, ...Object.keys(state.values)]) {
      const end = f.high[name]?.(points(state.values))[0];
      if (state.values[name] > end) state.values[name] = end;
    }
    for (const name of Object.keys(state.values)) {
      delete state.errors[name];
      showControl(name);
    }
  };
  const moved = (name, x) => {
    state.values[name] = x;
    settle(name);
    update();
  };
  const typed = (name, word) => {
    const [x, error] = parse(letterOf(name), word);
    delete state.errors[name];
    if (error) state.errors[name] = error;
    else state.values[name] = x;
    if (!error) showControl(name, true);
    update();
  };

  const control = letter => {
    const { name, stops } = letter;
    const slider = make("input", { type: "range", id: `slider-${name}`, min: 0, max: stops.length - 1, step: 1 });
    const box = make("input", {
      type: "text", inputmode: "decimal", id: `value-${name}`, "aria-label": `${letter.text}, exact value`, spellcheck: "false",
    });
    slider.addEventListener("input", () => moved(name, stops[Number(slider.value)]));
    box.addEventListener("input", () => typed(name, box.value));
    controls[name] = { slider, box };
    const label = make("label", { for: slider.id }, make("b", {}, letter.text), ` ${letter.meaning}`);
    const error = make("p", { class: "error", role: "alert", id: `error-${name}` });
    const mine = here().ownLetters.includes(name) ? " own" : "";
    return make("div", { class: `control${mine}` }, label, slider, box, error);
  };
  const fill = (select, options, chosen) => {
    select.replaceChildren(...options.map(([value, shown]) => make("option", { value }, shown)));
    select.value = chosen;
  };
  const choose = (name, values = {}) => {
    state.name = name;
    state.errors = {};
    const s = here();
    state.values = Object.fromEntries(s.letters.map(letter => [letter.name, values[letter.name] ?? s.start[letter.name]]));
    [state.across, state.up = state.across] = s.axes;
    state.x = state.across;
    state.of = s.random ? "failure" : "bound";
    showStatement();
  };
  const showStatement = () => {
    const s = here();
    document.title = `${s.title}, boundkit explorer`;
    $$("statement").value = state.name;
    $$("says").textContent = s.says[0].toUpperCase() + s.says.slice(1);
    $$("formulas").replaceChildren(...[
      ["claims", s.formula.join(" and ")],
      ...(s.hypotheses.length ? [["if", s.hypotheses.map(h => h.text).join(" and ")]] : []),
      ["fails with", s.random ? `at most ${s.failure}` : "probability 0: nothing is random"], ["place", s.place],
    ].flatMap(([term, says]) => [make("dt", {}, term), make("dd", {}, text.pretty(says))]));
    for (const old of Object.keys(controls)) delete controls[old];
    $$("controls").replaceChildren(...s.letters.map(control));
    Object.keys(state.values).forEach(letter => showControl(letter));
    const letters = s.letters.map(letter => [letter.name, letter.text]);
    fill($$("curve-x"), letters, state.x);
    $$("map-section").hidden = letters.length < 2;
    fill($$("map-x"), letters, state.across);
    fill($$("map-y"), letters, state.up);
    $$("curve-of").value = state.of;
    $$("curve-of").disabled = !s.random;
    update();
  };

  // --- Everything shown follows from the state.
  let waiting = 0, saving = 0;
  const show = () => {
    waiting = 0;
    const wrong = Object.keys(state.errors).length ? Object.entries(state.errors)[0] : outside(state.name, state.values);
    for (const [name, { box }] of Object.entries(controls)) {
      const says = state.errors[name] ?? (wrong?.[0] === name ? wrong[1] : "");
      $$(`error-${name}`).textContent = says;
      box.setAttribute("aria-invalid", says ? "true" : "false");
    }
    for (const button of document.querySelectorAll("[data-copy]")) button.disabled = Boolean(wrong);
    document.body.classList.toggle("invalid", Boolean(wrong));
    $$("copied").textContent = "";
    $$("copy").hidden = true;
    if (wrong) {
      $$("verdict").replaceChildren(make("b", { class: "verdict" }, "no such sizes"), make("span", {}, `${wrong[1]}.`));
      $$("verdict").dataset.verdict = "ERROR";
      return;
    }
    const values = state.values, found = look(state.name, points(values));
    showVerdict(found);
    showHypotheses(found);
    showPromise(found, sharpenedAt(values), values);
    if (plots.curve) draw(found, values);
    clearTimeout(saving);
    saving = setTimeout(() => history.replaceState(null, "", link()), 250);
  };
  const update = () => { waiting ||= requestAnimationFrame(show); };

  const unescaped = fragment => {
    try {
      return decodeURIComponent(fragment);
    } catch {
      return fragment;
    }
  };
  const restore = () => {
    const [name, query = ""] = unescaped(location.hash.slice(1)).split("?");
    if (!(Object.hasOwn(told.statements, name))) return false;
    choose(name);
    const words = Object.fromEntries(query.split("&").map(word => word.split("=")));
    for (const letter of here().letters) {
      const word = words[letter.name];
      if (word === undefined) continue;
      controls[letter.name].box.value = word;
      typed(letter.name, word);
    }
    for (const [key, part, id] of [["x", "x", "curve-x"], ["across", "across", "map-x"], ["up", "up", "map-y"]]) {
      const letter = words[`show.${key}`];
      if (letter && letterOf(letter)) { state[part] = letter; $$(id).value = letter; }
    }
    if (words["show.of"] === "bound" || (words["show.of"] === "failure" && here().random)) state.of = words["show.of"];
    $$("curve-of").value = state.of;
    return true;
  };

  // The keyboard has the sliders; a picture that takes the focus and does nothing with it is in the way.
  const passOver = root => {
    for (const part of root.querySelectorAll("*")) {
      if (part.tabIndex >= 0) part.tabIndex = -1;
      if (part.shadowRoot) passOver(part.shadowRoot);
    }
  };
  const start = async () => {
    for (const group of new Set(Object.values(told.statements).map(s => s.group))) {
      const own = Object.entries(told.statements).filter(([, s]) => s.group === group);
      $$("statement").append(make("optgroup", { label: group }, ...own.map(([name, s]) => make("option", { value: name }, s.title))));
    }
    $$("statement").addEventListener("change", event => choose(event.target.value));
    $$("curve-of").addEventListener("change", event => { state.of = event.target.value; update(); });
    $$("curve-x").addEventListener("change", event => { state.x = event.target.value; update(); });
    for (const [id, mine, other, otherId] of [["map-x", "across", "up", "map-y"], ["map-y", "up", "across", "map-x"]]) {
      $$(id).addEventListener("change", event => {
        if (event.target.value === state[other]) { state[other] = state[mine]; $$(otherId).value = state[other]; }
        state[mine] = event.target.value;
        update();
      });
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", () => copy(button.dataset.copy));
    }
    $$("controls").addEventListener("submit", event => event.preventDefault());
    window.addEventListener("hashchange", restore);
    if (!restore()) choose("theorem_5_1");
    for (const name of ["curve", "map"]) {
      await Bokeh.embed.embed_item(told.plots[name], name);
      plots[name] = Bokeh.documents.at(-1).roots()[0];
      passOver($$(name));
    }
    update();
    document.body.dataset.ready = "true";
  };
  const tapped = (plot, x, y) => {
    const at = (name, place) => {
      const { stops } = letterOf(name), far = stop => Math.abs(along(stops)(stop) - place);
      return stops.reduce((best, stop) => (far(stop) < far(best) ? stop : best));
    };
    if (plot === "map") state.values[state.up] = at(state.up, y);
    const name = plot === "map" ? state.across : state.x;
    moved(name, at(name, x));
  };
  start();
  return { tapped };
};

// The curve and the map: Bokeh draws, the data comes from here.
const plots = {};
const drawn = { curve: "", map: "" };
const COLOURS = {
  INAPPLICABLE: ["#e8e8e8", told.briefs.INAPPLICABLE], VACUOUS: ["#9fb8cc", told.briefs.VACUOUS],
  [CLOSE]: ["#e69f00", "too close to call"], INFORMATIVE: ["#0072b2", told.briefs.INFORMATIVE],
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
  return powers(step, Math.ceil(10 ** low / step), Math.floor(10 ** high / step))
    .map(x => [Math.log10(x), text.number(x, 4)]);
};
const setRange = (range, start, end) => range.setv({ start, end });
const source = (plot, name) => {
  const found = plots[plot].renderers.map(r => r.data_source).find(candidate => candidate.name === name);
  return columns => { found.data = columns; };
};
const legend = (id, entries) => $$(id).replaceChildren(...entries.map(([colour, says, style]) =>
  make("span", {}, make("i", { class: style ?? "", style: `--colour: ${colour}` }), says)));

const between = parameter => {
  const values = parameter.stops.flatMap((_, i) => [0, 0.25, 0.5, 0.75].map(share => valueAt(parameter.stops, i + share)));
  return [...new Set(parameter.integer ? values.map(Math.round) : values)];
};
const decades = log => (log < 0 ? -log / DECIMALS : NaN);

const drawCurve = values => {
  const parameter = parameterOf(state.x), { stops } = parameter, s = here();
  const byFailure = state.of === "failure" && s.random;
  const height = found => (byFailure ? decades(found.log[0]) : found.bounds[0][0]);
  const lines = { applies: [], elsewhere: [], sharpened: [], exact: [] };
  const place = along(stops);
  const put = (name, x, y) => lines[name].push([place(x), y > 0 && Number.isFinite(y) ? Math.log10(y) : NaN]);
  for (const x of between(parameter)) {
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
    const high = Math.max(...heights), lowest = byFailure ? Math.min(-2, high - 1) : -Infinity;
    const low = Math.max(Math.min(...heights), lowest);
    const pad = Math.max((high - low) * 0.06, 0.1);
    setRange(plots.curve.y_range, low - pad, high + pad);
    setAxis(plots.curve.left[0], byFailure ? "−log₁₀ of the failure probability" : `bound of ${s.claims[0].left}`,
      heightTicks(low - pad, high + pad));
    setRange(plots.curve.x_range, ...padded(stops.map(place)));
  }
  setAxis(plots.curve.below[0], parameter.text, stopTicks(stops));
  const has = name => lines[name].some(([, y]) => Number.isFinite(y));
  const word = s.truthIs === "exact" ? "exact" : "exact, at most", claimed = byFailure ? "claimed" : "bound";
  legend("curve-legend", [
    ["#0072b2", claimed],
    ["#0072b2", has("applies") ? "the same where it does not apply" : `${claimed}; it applies nowhere here`, "dotted"],
    ["#009e73", told.statements[s.sharpened]?.title ?? "", "dashed"], ["#d55e00", s.random ? word : "exact", "dots"],
  ].filter((_, i) => has(Object.keys(lines)[i])));
  const off = Object.entries(exactAt).filter(([name, x]) => name !== state.x && x !== values[name]);
  const fixed = atText(values, [state.x]), nearby = atText(Object.fromEntries(off));
  const aside = off.length && has("exact") ? ` Exact points are at ${nearby}, the nearest stops.` : "";
  $$("curve-caption").textContent = heights.length
    ? `${byFailure ? "Higher is safer. " : ""}At ${fixed}.${aside}`
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
  const [across, up] = [parameterOf(state.across), parameterOf(state.up)];
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
  const fixed = atText(values, [across.name, up.name]);
  $$("map-caption").textContent = `${fixed ? `At ${fixed}. ` : ""}Blank: no such sizes. Tap to go there.`;
};

const markHere = (found, values) => {
  const byFailure = state.of === "failure" && here().random;
  const height = byFailure ? decades(found.log[0]) : found.bounds[0][0];
  const place = name => along(parameterOf(name).stops)(values[name]);
  const x = place(state.x);
  const isDrawn = height > 0 && Number.isFinite(height);
  source("curve", "here")(isDrawn ? { x: [x], y: [Math.log10(height)] } : { x: [], y: [] });
  source("map", "here")({ x: [place(state.across)], y: [place(state.up)] });
};
const draw = (found, values) => {
  const others = but => Object.entries(values).filter(([name]) => !but.includes(name));
  const key = but => JSON.stringify([state.name, state.of, but, others(but)]);
  const [curve, map] = [key([state.x]), key([state.across, state.up])];
  if (drawn.curve !== curve) drawCurve(values);
  if (drawn.map !== map) drawMap(values);
  Object.assign(drawn, { curve, map });
  markHere(found, values);
};

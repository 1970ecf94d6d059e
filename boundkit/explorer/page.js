// Sliders, boxes, links and copies: whatever changes the state, and the page that follows from it.
const controls = {};

// --- Copies.
const link = () => {
  const words = Object.entries(state.values).map(([name, x]) => `${name}=${text.value(x)}`);
  const seen = [`of=${state.of}`, `x=${state.x}`, `across=${state.across}`, `up=${state.up}`];
  return `#${state.name}?${[...words, ...seen.map(word => `show.${word}`)].join("&")}`;
};
const own = values => Object.entries(values).filter(([name]) => !here().ownLetters.includes(name));
const copies = {
  python: () => `${here().call}(${own(state.values).map(([name, x]) => `${name}=${text.value(x)}`).join(", ")})`,
  latex: () => {
    const found = look(state.name, points(state.values));
    const claims = here().claims.map((claim, i) => claim.says ? claim.tex
      : `${claim.tex} ${text.latex(text.number(found.bounds[i][0], 5, claim.toward))}`).join(" \\text{ and } ");
    const shown = text.probability(found.log[0]).split(" - ");
    const likely = [...shown.slice(0, -1), text.latex(shown.at(-1))].join(" - ");
    const [says, leads] = told.noPromise[found.verdict] ?? [verdictText(found), "both sides say"];
    if (!isKnown(found)) return `\\text{${says.replace("{}", found.vacuousReason)}}`;
    const qualified = found.verdict === "INFORMATIVE" ? ""
      : `\\text{${says.replace("{}", found.vacuousReason)}; ${leads}: } `;
    return qualified + (here().random ? `\\Pr\\left[ ${claims} \\right] \\geq ${likely}` : claims);
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
const parse = (parameter, typed) => {
  const word = typed.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(word)) {
    return [NaN, `${parameter.text}: “${word.slice(0, 40)}” is not a number; write an integer, a decimal or 1e6`];
  }
  const x = Number(word), size = Math.abs(x);
  if (x !== 0 && !(size >= 1e-300 && size <= 1e300)) {
    return [NaN, `${parameter.text}: sizes from 1e-300 to 1e300 are understood`];
  }
  if (parameter.integer && size > 2 ** 53) return [NaN, `${parameter.text}: a browser holds integers up to 2^53; ask Python`];
  return [x, ""];
};
const showControl = (name, typing = false) => {
  const { slider, box } = controls[name], x = state.values[name];
  slider.value = Math.round(position(parameterOf(name).stops, x));
  slider.setAttribute("aria-valuetext", text.value(x));
  if (!typing) box.value = text.value(x);
};
// A slider never leads outside: a parameter that would pass its end stops at or before it, and takes the others along.
const settle = moved => {
  const f = formulas[state.name];
  for (const name of [moved, ...Object.keys(state.values)]) {
    const end = f.high[name]?.(points(state.values))[0];
    if (state.values[name] > end) state.values[name] = parameterOf(name).stops.findLast(stop => stop <= end) ?? end;
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
  const [x, error] = parse(parameterOf(name), word);
  delete state.errors[name];
  if (error) state.errors[name] = error;
  else state.values[name] = x;
  if (!error) showControl(name, true);
  update();
};

const control = parameter => {
  const { name, stops } = parameter;
  const slider = make("input", { type: "range", id: `slider-${name}`, min: 0, max: stops.length - 1, step: 1 });
  const box = make("input", {
    type: "text", inputmode: "decimal", id: `value-${name}`, "aria-label": `${parameter.text}, exact value`,
    spellcheck: "false",
  });
  slider.addEventListener("input", () => moved(name, stops[Number(slider.value)]));
  box.addEventListener("input", () => typed(name, box.value));
  controls[name] = { slider, box };
  const label = make("label", { for: slider.id }, make("b", {}, parameter.text), ` ${parameter.meaning}`);
  const error = make("p", { class: "error", role: "alert", id: `error-${name}` });
  const mine = here().ownLetters.includes(name) ? " own" : "";
  return make("div", { class: `control${mine}` }, label, slider, box, error);
};
const fill = (select, options, chosen) => {
  select.replaceChildren(...options.map(([value, shown]) => make("option", { value }, shown)));
  select.value = chosen;
};
const choose = name => {
  state.name = name;
  state.errors = {};
  const s = here();
  state.values = Object.fromEntries(s.parameters.map(parameter => [parameter.name, s.start[parameter.name]]));
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
  $$("glance").replaceChildren($$(`glance-${state.name}`).content.cloneNode(true));
  for (const old of Object.keys(controls)) delete controls[old];
  $$("controls").replaceChildren(...s.parameters.map(control));
  Object.keys(state.values).forEach(parameter => showControl(parameter));
  const parameters = s.parameters.map(parameter => [parameter.name, parameter.text]);
  fill($$("curve-x"), parameters, state.x);
  $$("map-section").hidden = parameters.length < 2;
  fill($$("map-x"), parameters, state.across);
  fill($$("map-y"), parameters, state.up);
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
  for (const parameter of here().parameters) {
    const word = words[parameter.name];
    if (word === undefined) continue;
    controls[parameter.name].box.value = word;
    typed(parameter.name, word);
  }
  for (const [key, part, id] of [["x", "x", "curve-x"], ["across", "across", "map-x"], ["up", "up", "map-y"]]) {
    const parameter = words[`show.${key}`];
    if (parameter && parameterOf(parameter)) { state[part] = parameter; $$(id).value = parameter; }
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
    const options = own.map(([name, s]) => make("option", { value: name }, s.title));
    $$("statement").append(make("optgroup", { label: group }, ...options));
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
  if (!restore()) choose(told.first);
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
    const { stops } = parameterOf(name), far = stop => Math.abs(along(stops)(stop) - place);
    return stops.reduce((best, stop) => (far(stop) < far(best) ? stop : best));
  };
  if (plot === "map") state.values[state.up] = at(state.up, y);
  const name = plot === "map" ? state.across : state.x;
  moved(name, at(name, x));
};
start();
return { tapped };

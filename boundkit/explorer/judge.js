// A statement at values: what holds, what it promises, what is true.
const CLOSE = "TOO_CLOSE";
const state = { name: "", values: {}, errors: {}, of: "failure", x: "", across: "", up: "" };
const here = () => told.statements[state.name];
const parameterOf = name => here().parameters.find(parameter => parameter.name === name);
const points = values => Object.fromEntries(Object.entries(values).map(([name, x]) => [name, b.point(x)]));

const outside = (name, values) => {
  const f = formulas[name], v = points(values);
  for (const parameter of told.statements[name].parameters) {
    const p = parameter.name, at = `${parameter.text} = ${text.value(values[p])}: ${parameter.meaning} is`;
    if (parameter.integer && !Number.isInteger(values[p])) return [p, `${at} an integer`];
    for (const [ends, shown, test, word] of [
      [f.low[p], parameter.low, parameter.strict ? ">" : ">=", parameter.strict ? "above" : "at least"],
      [f.high[p], parameter.high, "<=", "at most"],
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
  const vacuousReason = surely === false ? "it allows failure with probability 1" : met ? "its bound is always met" : "";
  const verdict = answers.includes(false) ? "INAPPLICABLE" : answers.includes(null) ? CLOSE
    : vacuousReason ? "VACUOUS" : surely === null || met === null ? CLOSE : "INFORMATIVE";
  return { name, v, checks, log, vacuousReason, verdict, bounds: f.bounds.map(bound => bound(v)) };
};

// The sharpened statement at the same parameters; its other parameters are given by formulas, or have their own sliders.
const sharpenedAt = values => {
  const { sharpened } = here();
  if (!sharpened) return null;
  const v = points(values), at = { ...v };
  for (const [parameter, formula] of Object.entries(formulas[state.name].sharpened)) at[parameter] = formula(v);
  return look(sharpened, at);
};

// The truth at the stops nearest to the parameters that it needs, and which these are.
const exactly = (name, values) => {
  const s = told.statements[name], f = formulas[name];
  if (!f.truth) return null;
  if (!s.random) return { value: f.truth(points(values)), at: {}, isHere: true };
  const at = {};
  for (const parameter of s.truthLetters) {
    const { stops } = s.parameters.find(p => p.name === parameter);
    at[parameter] = nearest(stops, values[parameter]);
  }
  return {
    value: f.truth(points(at)), at,
    isHere: Object.entries(at).every(([parameter, x]) => x === values[parameter]),
  };
};

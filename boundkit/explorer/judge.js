// A statement at values: what holds, what it promises, what is true.
const CLOSE = "TOO_CLOSE";
const state = { name: "", values: {}, errors: {}, of: "failure", x: "", across: "", up: "" };
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

// Interval arithmetic: a number is [middle, low, high]. The middle is what floats give, the true value lies between
// the ends. Sums and products that floats hold exactly stay exact, so that relations between rationals are decided
// on their edge too.
const balls = (() => {
  const STEP = 2 ** -52;
  const LOOSE = 2 ** -48; // Math.exp, Math.log and Math.pow are good to an ulp or two in every browser; this is sixteen
  const EXACT = 2 ** 53;
  const nowhere = [NaN, NaN, NaN];

  const point = x => [x, x, x];
  const undefinedAt = a => Number.isNaN(a[1]) || Number.isNaN(a[2]);
  const down = (x, by = STEP) =>
    x === Infinity ? Number.MAX_VALUE : x === -Infinity ? x : x - Math.abs(x) * by - Number.MIN_VALUE;
  const up = (x, by = STEP) => -down(-x, by);

  // The rounded result, lowered or raised unless its error is known to have the harmless sign.
  const low = (x, error) => (error >= 0 ? x : down(x));
  const high = (x, error) => (error <= 0 ? x : up(x));

  const sumError = (a, b, s) => {
    if (!Number.isFinite(a) || !Number.isFinite(b)) return 0;
    const t = s - a;
    return (a - (s - t)) + (b - t);
  };
  const split = x => {
    const t = 134217729 * x;
    const top = t - (t - x);
    return [top, x - top];
  };
  const productError = (a, b, p) => {
    if (a === 0 || b === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return 0;
    if (![a, b, p].every(x => Math.abs(x) > 1e-280 && Math.abs(x) < 1e280)) return NaN;
    const [a1, a2] = split(a), [b1, b2] = split(b);
    return ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2;
  };

  const plus = (a, b) => {
    const lo = a[1] + b[1], hi = a[2] + b[2];
    return [a[0] + b[0], low(lo, sumError(a[1], b[1], lo)), high(hi, sumError(a[2], b[2], hi))];
  };
  const isZero = a => a[1] === 0 && a[2] === 0;
  const isFinite = a => Number.isFinite(a[1]) || Number.isFinite(a[2]); // an end may be infinite by overflow
  const times = (a, b) => {
    if ((isZero(a) && isFinite(b)) || (isZero(b) && isFinite(a))) return point(0);
    const pairs = a[1] >= 0 && b[1] >= 0
      ? [[a[1], b[1]], [a[2], b[2]]]
      : [[a[1], b[1]], [a[1], b[2]], [a[2], b[1]], [a[2], b[2]]];
    let lo = Infinity, hi = -Infinity;
    for (const [x, y] of pairs) {
      const p = x * y, e = productError(x, y, p);
      if (Number.isNaN(p)) return nowhere;
      lo = Math.min(lo, low(p, e));
      hi = Math.max(hi, high(p, e));
    }
    return [a[0] * b[0], lo, hi];
  };
  const div = (a, b) => {
    if (undefinedAt(a) || undefinedAt(b) || (b[1] <= 0 && b[2] >= 0)) return nowhere;
    let lo = Infinity, hi = -Infinity;
    for (const x of [a[1], a[2]]) {
      for (const y of [b[1], b[2]]) {
        const q = x / y, p = q * y;
        const exact = p === x && productError(q, y, p) === 0;
        lo = Math.min(lo, exact ? q : down(q));
        hi = Math.max(hi, exact ? q : up(q));
      }
    }
    return Number.isNaN(lo + hi) ? nowhere : [a[0] / b[0], lo, hi];
  };

  // An increasing function, widened where its value is not known to be exact.
  const rising = (f, a, isExact) => [
    f(a[0]),
    isExact(a[1]) ? f(a[1]) : down(f(a[1]), LOOSE),
    isExact(a[2]) ? f(a[2]) : up(f(a[2]), LOOSE),
  ];
  const positive = a => [a[0], Math.max(a[1], 0), a[2]];
  const exp = a => (undefinedAt(a) ? nowhere : positive(rising(Math.exp, a, x => x === 0 || x === -Infinity)));
  const log = a => (undefinedAt(a) || a[1] < 0 ? nowhere : rising(Math.log, a, x => x === 0 || x === 1));
  const log1p = a => (undefinedAt(a) || a[1] < -1 ? nowhere : rising(Math.log1p, a, x => x === 0 || x === -1));
  const sqrt = a => {
    if (undefinedAt(a) || a[1] < 0) return nowhere;
    return positive(rising(Math.sqrt, a, x => {
      const r = Math.sqrt(x);
      return x === 0 || (r * r === x && productError(r, r, x) === 0);
    }));
  };
  const abs = a => {
    if (undefinedAt(a)) return nowhere;
    const ends = [Math.abs(a[1]), Math.abs(a[2])];
    return [Math.abs(a[0]), a[1] <= 0 && a[2] >= 0 ? 0 : Math.min(...ends), Math.max(...ends)];
  };

  const squaring = (a, n) => {
    let result = point(1), factor = a;
    for (let left = n; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = times(result, factor);
      factor = times(factor, factor);
    }
    return result;
  };
  const whole = (a, n) => {
    if (n < 0) return div(point(1), whole(a, -n));
    if (n <= 64) {
      const even = squaring(n % 2 === 0 ? abs(a) : a, n);
      return [a[0] ** n, even[1], even[2]];
    }
    if (a[1] < 0) return nowhere;
    const power = x => (x === 0 || x === 1 ? x : x ** n);
    return positive(rising(power, a, x => x === 0 || x === 1));
  };
  const pow = (a, e) => {
    if (undefinedAt(a) || undefinedAt(e)) return nowhere;
    if (e[1] === e[2] && Number.isInteger(e[1]) && Math.abs(e[1]) <= EXACT) return whole(a, e[1]);
    return a[1] > 0 ? exp(times(e, log(a))) : nowhere;
  };

  const logSumExp = (...terms) => {
    if (terms.some(undefinedAt)) return nowhere;
    const at = i => {
      const top = Math.max(...terms.map(term => term[i]));
      return Number.isFinite(top) ? top + Math.log(terms.reduce((sum, t) => sum + Math.exp(t[i] - top), 0)) : top;
    };
    const slack = terms.length * LOOSE;
    return [at(0), down(at(1)) - slack, up(at(2)) + slack];
  };

  const minus = a => [-a[0], -a[2], -a[1]];
  const expm1 = a => (undefinedAt(a) ? nowhere : rising(Math.expm1, a, x => x === 0 || x === -Infinity));
  const logDiffExp = (a, b) => plus(a, log(minus(expm1(plus(b, minus(a))))));
  const floor = a => (undefinedAt(a) ? nowhere : a.map(Math.floor));
  const ceil = a => minus(floor(minus(a)));

  // true, false, or null where the ends leave it open.
  const holds = (operator, a, b) => {
    if (undefinedAt(a) || undefinedAt(b)) return null;
    const turned = { "<": ">", "<=": ">=" }[operator];
    if (turned) return holds(turned, b, a);
    const same = a[1] === a[2] && b[1] === b[2] && a[1] === b[1];
    const apart = a[1] > b[2] || a[2] < b[1];
    if (operator === "==") return same ? true : apart ? false : null;
    if (operator === "!=") return same ? false : apart ? true : null;
    if (operator === ">=") return a[1] >= b[2] ? true : a[2] < b[1] ? false : null;
    return a[1] > b[2] ? true : a[2] <= b[1] ? false : null;
  };
  const and = (...answers) => (answers.includes(false) ? false : answers.includes(null) ? null : true);
  const or = (...answers) => (answers.includes(true) ? true : answers.includes(null) ? null : false);
  const pick = (...branches) => {
    for (const [when, value] of branches) {
      const answer = when();
      if (answer === null) return nowhere;
      if (answer) return value();
    }
    return nowhere;
  };

  return {
    nowhere, point, undefinedAt, div, exp, log, log1p, sqrt, abs, pow, logSumExp, logDiffExp,
    floor, ceil, holds, and, or, pick,
    pi: [Math.PI, down(Math.PI), up(Math.PI)],
    add: (...terms) => terms.reduce(plus),
    mul: (...factors) => factors.reduce(times),
    max: (...terms) => [0, 1, 2].map(i => Math.max(...terms.map(term => term[i]))),
    min: (...terms) => [0, 1, 2].map(i => Math.min(...terms.map(term => term[i]))),
  };
})();

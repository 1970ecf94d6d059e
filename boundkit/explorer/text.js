// Numbers as people write them, by the rules of boundkit's own text: rounded outward, however small.
const text = (() => {
  const NOISE = 1e-12; // relative: 0.25000000000000006 is a quarter that floats missed, and not rounded up to 0.25001

  // x with so many digits, rounded up (toward = 1), down (-1) or to nearest (0): [sign, figures, power of ten].
  const rounded = (x, digits, toward) => {
    const [mantissa, power] = Math.abs(x).toExponential(digits - 1).split("e");
    let figures = BigInt(mantissa.replace(".", "")), exponent = Number(power);
    const shown = Number(`${mantissa}e${power}`), size = Math.abs(x), away = Math.sign(x) === toward;
    if (toward && Math.abs(shown - size) > size * NOISE) {
      if (away && shown < size) figures += 1n;
      if (!away && shown > size) figures -= 1n;
      if (String(figures).length > digits) { figures /= 10n; exponent += 1; }
      if (String(figures).length < digits) { figures = figures * 10n + 9n; exponent -= 1; }
    }
    return [x < 0 ? "-" : "", String(figures), exponent];
  };
  const trimmed = decimal => (decimal.includes(".") ? decimal.replace(/0+$/, "").replace(/\.$/, "") : decimal);
  const written = (sign, figures, power, digits) => {
    if (power >= -4 && power < Math.max(digits, 7)) {
      const decimal = power < 0
        ? `0.${"0".repeat(-power - 1)}${figures}`
        : power + 1 >= figures.length
          ? figures + "0".repeat(power + 1 - figures.length)
          : `${figures.slice(0, power + 1)}.${figures.slice(power + 1)}`;
      return sign + trimmed(decimal);
    }
    const kept = figures.replace(/0+$/, "") || "0";
    return `${sign}${kept[0]}${kept.length > 1 ? "." : ""}${kept.slice(1)}e${power}`;
  };
  const number = (x, digits = 5, toward = 0) => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "undefined" : x > 0 ? "inf" : "-inf";
    return x === 0 ? "0" : written(...rounded(x, digits, toward), digits);
  };

  // e^log, rounded up; beyond 1e10 a float's log no longer tells the digits.
  const failure = log => {
    if (Number.isNaN(log)) return "undefined";
    if (log === -Infinity) return "0";
    if (Math.abs(log) > 1e10) return `e^(${number(log, 5, 1)})`;
    const digits = Math.abs(log) < 1e4 ? 3 : 2;
    if (Math.abs(log) < 700) return number(Math.exp(log), digits, 1);
    const tens = log / Math.LN10, power = Math.floor(tens);
    const [, figures, more] = rounded(10 ** (tens - power), digits, 1);
    return written("", figures, power + more, digits);
  };
  const probability = log => {
    if (Number.isNaN(log)) return "undefined";
    if (log >= 0) return "0";
    if (log === -Infinity) return "1";
    return Math.exp(log) >= 1e-4 ? number(-Math.expm1(log), 6, -1) : `1 - ${failure(log)}`;
  };
  const latex = shown => {
    const [mantissa, power] = shown.split("e");
    if (power === undefined) return mantissa;
    return `${mantissa === "1" ? "" : `${mantissa} \\cdot `}10^{${power}}`;
  };
  // A value so that Python reads the same float back, an integer as an integer.
  const value = x => (Number.isInteger(x) && Math.abs(x) < 1e21 ? BigInt(x).toString() : String(x));
  const operator = name => ({ "<=": "≤", ">=": "≥", "!=": "≠", "==": "=" }[name] ?? name);
  const opposite = name => ({ "<=": ">", ">=": "<", "!=": "=", "==": "≠", "<": "≥", ">": "≤" }[name]);
  const pretty = formula => formula.replace(/<=|>=|!=/g, operator);
  const superscript = n => String(n).replace(/[-\d]/g, c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");
  const power = p => (Math.abs(p) > 3 ? `10${superscript(p)}` : value(Number(`1e${p}`)));
  const tick = x => (x > 0 && Number.isInteger(Math.log10(x)) ? power(Math.log10(x)) : value(x));

  return { number, failure, probability, latex, value, operator, opposite, pretty, power, tick };
})();

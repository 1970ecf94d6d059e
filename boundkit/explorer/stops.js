const NO_PLACE = 65535;
const LAW_ERROR = 1e-13; // of a log, relative: the float laws are better

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
  for (const [axis, { parameters, stops, places }] of groups.entries()) {
    let place = 0;
    for (const [i, parameter] of parameters.entries()) {
      const stop = stops[i].indexOf(v[parameter][0]);
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

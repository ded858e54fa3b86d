const units: readonly [string, number][] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** "5 min", "1 h 30 min": the unit symbols are the same in all languages. */
export function durationOf(seconds: number): string {
  let remaining = Math.round(seconds);
  const parts: string[] = [];
  for (const [symbol, length] of units) {
    const count = Math.floor(remaining / length);
    remaining -= count * length;
    if (count > 0) parts.push(`${count}\u00a0${symbol}`);
  }
  return parts.length === 0 ? "0\u00a0s" : parts.join(" ");
}

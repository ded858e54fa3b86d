const units: readonly [string, number][] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** "5 min", "1 h 30 min": by symbols that are the same in all languages. */
export function durationOf(seconds: number): string {
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [symbol, length] of units) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count}\u00a0${symbol}`);
  }
  return parts.length === 0 ? "0\u00a0s" : parts.join(" ");
}

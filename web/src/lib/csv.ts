/** A spreadsheet would run text that begins so (OWASP, CSV Injection); the full-width forms are taken for formulas, too. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const toQuote = /[",;\r\n\t]|^ | $/;

/** A cell as RFC 4180 has it. Text that would be a formula gets a single quote before it, as in what the server exports. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return toQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** Prefixes that a spreadsheet takes for a formula (OWASP, CSV Injection), including the full-width forms. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const toQuote = /[",;\r\n\t]|^ | $/;

/** A cell by RFC 4180. Text that would be a formula gets a leading single quote, as in the server's exports. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return toQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

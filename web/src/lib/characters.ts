/** The number of Unicode code points, as the server counts the characters of names. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

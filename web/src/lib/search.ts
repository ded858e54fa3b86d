/** Letters that have no accent by Unicode (it takes é apart, but not ł), and what people type for them. */
const plain: Readonly<Record<string, string>> = { ł: "l", đ: "d", ø: "o", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th", ð: "d" };
const ascii = /^[ -~]*$/;

/** A text as it is looked for: without case and accents, so that `lodz` finds `Łódź`. */
export function folded(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[łđøħıßæœþð]/g, (letter) => plain[letter] ?? letter);
}

/** Whether a text has what was typed, spaces around that aside. */
export const hasText = (text: string, typed: string) => folded(text).includes(folded(typed.trim()));

/** Orders names as people count and read: `Pump 9` before `Pump 10`, whatever case and accents. */
export const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

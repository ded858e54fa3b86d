/** Letters that Unicode doesn't decompose (é becomes e and an accent, but ł stays), with their ASCII substitutes. */
const asciiLetters: Readonly<Record<string, string>> = { ł: "l", đ: "d", ø: "o", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th", ð: "d" };
const ascii = /^[ -~]*$/;

/** Removes case and accents for searching, so that `lodz` finds `Łódź`. */
export function folded(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[łđøħıßæœþð]/g, (letter) => asciiLetters[letter] ?? letter);
}

/** Whether the text contains the typed text; surrounding blanks are ignored. */
export const hasText = (text: string, typed: string) => folded(text).includes(folded(typed.trim()));

/** Compares names: `Pump 9` before `Pump 10`; ignores case and accents. */
export const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

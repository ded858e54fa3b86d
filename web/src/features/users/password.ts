/** 32 letters and digits (five bits each) that are not mistaken for each other. */
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/** Returns a password with 100 random bits, in groups of five. `fill` fills an array with random bytes. */
export function suggestPassword(fill: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const text = Array.from(fill(new Uint8Array(20)), (byte) => alphabet[byte % alphabet.length]).join("");
  return text.match(/.{5}/g)?.join("-") ?? text;
}

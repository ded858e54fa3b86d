/** 32 letters and digits, five bits each, none of which is taken for another when it is read out. */
const signs = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password of 100 random bits, in groups that can be read out. `fill` makes bytes random. */
export function suggestPassword(fill: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const text = Array.from(fill(new Uint8Array(20)), (byte) => signs[byte % signs.length]).join("");
  return text.match(/.{5}/g)?.join("-") ?? text;
}

/** 32 letters and digits, five bits each, none of which is taken for another when it is read out. */
const signs = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password of 100 random bits, in groups that can be read out. */
export function suggestPassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(20));
  const text = Array.from(random, (byte) => signs[byte % signs.length]).join("");
  return text.match(/.{5}/g)?.join("-") ?? text;
}

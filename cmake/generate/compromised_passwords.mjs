// node compromised_passwords.mjs LIST OUTPUT MIN_LENGTH PREFIX_BYTES
//
// Writes the sorted SHA-256 prefixes of a password list with one password per line. Skips passwords shorter than MIN_LENGTH bytes,
// lowers ASCII letters and removes duplicates.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [list, output, minLength, prefixBytes] = process.argv.slice(2);
const lowered = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const passwords = new Set(
    readFileSync(list, 'utf8')
        .split('\n')
        .filter((line) => Buffer.byteLength(line) >= Number(minLength))
        .map(lowered),
);
const prefixes = [...passwords]
    .map((password) => createHash('sha256').update(password).digest().subarray(0, Number(prefixBytes)))
    .sort(Buffer.compare);
writeFileSync(output, Buffer.concat(prefixes));

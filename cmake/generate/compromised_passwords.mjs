// node compromised_passwords.mjs LIST OUTPUT MIN_LENGTH PREFIX_BYTES
//
// Turns a list of passwords, one a line, into the sorted first bytes of their SHA-256: each password of at least MIN_LENGTH bytes,
// ASCII letters lowered, once.
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

import type { Schemas } from "../lib/api";

export type Credentials = Schemas["DeviceCredentials"];

/** As one word of a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Two lines for a shell that sign the device in and send this payload. */
export function firstReading(server: string, credentials: Credentials, payload: Readonly<Record<string, unknown>>): string {
  const json = "-H 'Content-Type: application/json' -d";
  const who = JSON.stringify({ device_id: credentials.device_id, device_secret: credentials.device_secret });
  return [
    `TOKEN=$(curl -s ${server}/device/token ${json} ${quoted(who)} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl ${server}/device/readings -H "Authorization: Bearer $TOKEN" ${json} ${quoted(JSON.stringify({ payload }))}`,
  ].join("\n");
}

/** What a device reads from the QR code. */
export function setUpOf(server: string, { device_id, device_secret }: Credentials): string {
  return JSON.stringify({ server, device_id, device_secret });
}

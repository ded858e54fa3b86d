import type { Schemas } from "@/lib/api";

export type Credentials = Schemas["DeviceCredentials"];

/** Quotes the text as one word of a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns two shell commands that sign the device in and send the payload. */
export function firstReadingCommands(server: string, credentials: Credentials, payload: Readonly<Record<string, unknown>>): string {
  const jsonOptions = "-H 'Content-Type: application/json' -d";
  const credentialsJson = JSON.stringify({ device_id: credentials.device_id, device_secret: credentials.device_secret });
  return [
    `TOKEN=$(curl -s ${server}/device/token ${jsonOptions} ${quoted(credentialsJson)} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl ${server}/device/readings -H "Authorization: Bearer $TOKEN" ${jsonOptions} ${quoted(JSON.stringify({ payload }))}`,
  ].join("\n");
}

/** Returns the content of the QR code. */
export function setupJson(server: string, { device_id, device_secret }: Credentials): string {
  return JSON.stringify({ server, device_id, device_secret });
}

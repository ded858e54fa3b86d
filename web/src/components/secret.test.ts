import { describe, expect, it } from "vitest";

import { type Credentials, firstReadingCommands, setupJson } from "./secret";

const credentials: Credentials = { device_id: "d-1", device_secret: "s_3-cret", category: "ip_camera" };

describe("the setup of a device", () => {
  it("are two shell commands: sign in and send", () => {
    const [signIn, send] = firstReadingCommands("http://host:1", credentials, { note: "it's $5" }).split("\n");
    expect(signIn).toBe(
      `TOKEN=$(curl -s http://host:1/device/token -H 'Content-Type: application/json' -d '{"device_id":"d-1","device_secret":"s_3-cret"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    );
    // A payload can't end the quotes.
    expect(send).toBe(`curl http://host:1/device/readings -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"payload":{"note":"it'\\''s $5"}}'`);
  });

  it("are in the QR code", () => {
    expect(JSON.parse(setupJson("https://host", credentials))).toEqual({ server: "https://host", device_id: "d-1", device_secret: "s_3-cret" });
  });
});

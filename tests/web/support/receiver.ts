import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Payload } from "./api";

type ReceivedMessage = { headers: Readonly<Record<string, string | string[] | undefined>>; body: string };

/** A webhook receiver that records every message. */
export class Receiver {
  readonly received: ReceivedMessage[] = [];
  private readonly server: Server = createServer((request, answer) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      this.received.push({ headers: request.headers, body });
      answer.writeHead(204).end();
    });
  });

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alerts`;
  }

  /** Returns the payloads with a valid signature (docs/api_usage.md). */
  verified(secret: string): Payload[] {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return this.received.flatMap(({ headers, body }) => {
      const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
      const expected = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
      const actual = Buffer.from(String(headers["webhook-signature"]));
      return actual.length === expected.length && timingSafeEqual(actual, expected) ? [JSON.parse(body) as Payload] : [];
    });
  }
}

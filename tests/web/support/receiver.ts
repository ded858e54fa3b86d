import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Payload } from "./api";

type Taken = { headers: Readonly<Record<string, string | string[] | undefined>>; body: string };

/** What a webhook leads to: takes everything, and remembers it. */
export class Receiver {
  readonly taken: Taken[] = [];
  private readonly server: Server = createServer((request, answer) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      this.taken.push({ headers: request.headers, body });
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

  /** The messages whose signatures are right, as docs/api_usage.md says. */
  genuine(secret: string): Payload[] {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return this.taken.flatMap(({ headers, body }) => {
      const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
      const right = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
      const told = Buffer.from(String(headers["webhook-signature"]));
      return told.length === right.length && timingSafeEqual(told, right) ? [JSON.parse(body) as Payload] : [];
    });
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Server } from "./server";

export const kinds = ["nginx", "haproxy", "caddy"] as const;
export type Kind = (typeof kinds)[number];

export const basePath = "/breakwater";
const document = resolve("../../docs/deployment.md");

/** The example for that proxy, as docs/deployment.md has it. */
function exampleOf(kind: Kind): string {
  const found = new RegExp(`^\`\`\`${kind}\n([^]*?)^\`\`\``, "m").exec(readFileSync(document, "utf8"))?.[1];
  if (found === undefined) throw new Error(`docs/deployment.md has no example for ${kind}`);
  return found;
}

/** Replaces what has to be another here, and fails where it isn't there. */
function replaced(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`The example has no ${from}`);
    return so.replaceAll(from, to);
  }, text);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

/** Debian's proxy in front of a server of its own, by the example of the document. */
export class Fronted extends Server {
  private proxy: ChildProcess | undefined;
  private proxyPort = 0;
  private readonly place = mkdtempSync(join(tmpdir(), "breakwater-proxy-"));

  constructor(private readonly kind: Kind) {
    super({ BASE_PATH: basePath, TRUSTED_PROXIES: "127.0.0.1" });
  }

  /** Where browsers find it; `url` is the server behind the proxy. */
  get origin(): string {
    return `https://127.0.0.1:${this.proxyPort}`;
  }
  get address(): string {
    return this.origin + basePath;
  }

  override async start(): Promise<void> {
    await super.start();
    this.proxyPort = await freePort();
    const command = this.configure();
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { cwd: this.place, env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: this.place }, stdio: ["ignore", "pipe", "pipe"] });
    this.proxy = child;
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (said += piece.toString()));
    await this.listens(() => {
      if (child.exitCode !== null) throw new Error(`${this.kind} did not start; it said:\n${said}`);
    });
  }

  override async remove(): Promise<void> {
    const child = this.proxy;
    this.proxy = undefined;
    if (child !== undefined && child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.place, { recursive: true, force: true });
    await super.remove();
  }

  /** Writes certificate and configuration; what to run. */
  private configure(): string[] {
    const key = join(this.place, "fleet.key");
    const certificate = join(this.place, "fleet.crt");
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const both = join(this.place, "fleet.pem");
    writeFileSync(both, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
    const file = join(this.place, `${this.kind}.conf`);
    const inner = new URL(this.url).host;
    const example = exampleOf(this.kind);
    switch (this.kind) {
      case "nginx": {
        const site = replaced(example, { "listen 443": `listen 127.0.0.1:${this.proxyPort}`, "/etc/ssl/fleet.crt": certificate, "/etc/ssl/fleet.key": key, "127.0.0.1:8000": inner });
        const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${this.place};`).join(" ");
        writeFileSync(file, `daemon off; pid ${this.place}/pid; error_log stderr; worker_processes 1;\nevents {}\nhttp { access_log off; ${temporary}\n${site}}\n`);
        return ["nginx", "-c", file, "-p", this.place, "-e", "stderr"];
      }
      case "haproxy":
        writeFileSync(file, replaced(example, { "bind :443": `bind 127.0.0.1:${this.proxyPort}`, "/etc/ssl/fleet.pem": both, "127.0.0.1:8000": inner }));
        return ["haproxy", "-db", "-f", file];
      case "caddy": {
        const site = replaced(example, { "fleet.example.org {": `https://127.0.0.1:${this.proxyPort} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`, "127.0.0.1:8000": inner });
        writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
        return ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
      }
    }
  }

  /** Until somebody listens there; `alive` fails where nobody ever will. */
  private async listens(alive: () => void): Promise<void> {
    for (;;) {
      alive();
      const socket = connect(this.proxyPort, "127.0.0.1");
      const open = await new Promise<boolean>((told) => {
        socket.once("connect", () => told(true));
        socket.once("error", () => told(false));
      });
      socket.destroy();
      if (open) return;
      await new Promise((again) => setTimeout(again, 20));
    }
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Server } from "./server";

export const proxyKinds = ["nginx", "haproxy", "caddy"] as const;
export type ProxyKind = (typeof proxyKinds)[number];

export const basePath = "/breakwater";
const deploymentGuide = resolve("../../docs/deployment.md");

/** Reads the proxy's example from docs/deployment.md. */
function exampleOf(kind: ProxyKind): string {
  const example = new RegExp(`^\`\`\`${kind}\n([^]*?)^\`\`\``, "m").exec(readFileSync(deploymentGuide, "utf8"))?.[1];
  if (example === undefined) throw new Error(`docs/deployment.md has no example for ${kind}`);
  return example;
}

/** Replaces every key by its value. Throws if the text lacks a key. */
function substitute(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`The example has no ${from}`);
    return result.replaceAll(from, to);
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

/** A server behind one of Debian's proxies, configured by the example in docs/deployment.md. */
export class ProxiedServer extends Server {
  private proxy: ChildProcess | undefined;
  private proxyPort = 0;
  private readonly proxyFolder = mkdtempSync(join(tmpdir(), "breakwater-proxy-"));

  constructor(private readonly kind: ProxyKind) {
    super({ BASE_PATH: basePath, TRUSTED_PROXIES: "127.0.0.1" });
  }

  /** The proxy's origin. `url` is the server behind it. */
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
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { cwd: this.proxyFolder, env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: this.proxyFolder }, stdio: ["ignore", "pipe", "pipe"] });
    this.proxy = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (output += piece.toString()));
    await this.waitForPort(() => {
      if (child.exitCode !== null) throw new Error(`${this.kind} did not start. Its output:\n${output}`);
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
    rmSync(this.proxyFolder, { recursive: true, force: true });
    await super.remove();
  }

  /** Writes the certificate and the configuration. Returns the command to run. */
  private configure(): string[] {
    const key = join(this.proxyFolder, "fleet.key");
    const certificate = join(this.proxyFolder, "fleet.crt");
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const combined = join(this.proxyFolder, "fleet.pem");
    writeFileSync(combined, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
    const file = join(this.proxyFolder, `${this.kind}.conf`);
    const backend = new URL(this.url).host;
    const example = exampleOf(this.kind);
    switch (this.kind) {
      case "nginx": {
        const site = substitute(example, { "listen 443": `listen 127.0.0.1:${this.proxyPort}`, "/etc/ssl/fleet.crt": certificate, "/etc/ssl/fleet.key": key, "127.0.0.1:8000": backend });
        const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${this.proxyFolder};`).join(" ");
        writeFileSync(file, `daemon off; pid ${this.proxyFolder}/pid; error_log stderr; worker_processes 1;\nevents {}\nhttp { access_log off; ${temporary}\n${site}}\n`);
        return ["nginx", "-c", file, "-p", this.proxyFolder, "-e", "stderr"];
      }
      case "haproxy":
        writeFileSync(file, substitute(example, { "bind :443": `bind 127.0.0.1:${this.proxyPort}`, "/etc/ssl/fleet.pem": combined, "127.0.0.1:8000": backend }));
        return ["haproxy", "-db", "-f", file];
      case "caddy": {
        const site = substitute(example, { "fleet.example.org {": `https://127.0.0.1:${this.proxyPort} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`, "127.0.0.1:8000": backend });
        writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
        return ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
      }
    }
  }

  /** Waits until the proxy's port accepts connections. `checkProcess` throws if the proxy has exited. */
  private async waitForPort(checkProcess: () => void): Promise<void> {
    for (;;) {
      checkProcess();
      const socket = connect(this.proxyPort, "127.0.0.1");
      const open = await new Promise<boolean>((resolveOpen) => {
        socket.once("connect", () => resolveOpen(true));
        socket.once("error", () => resolveOpen(false));
      });
      socket.destroy();
      if (open) return;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Settings = Readonly<Record<string, string>>;

/** The binary under test. CTest sets BREAKWATER_BINARY. */
const binary = resolve(process.env.BREAKWATER_BINARY ?? "../../build/release/bin/breakwater");

/** As in tests/support/server_process.cpp: cheap password hashes, no quotas, no simulator. */
const testSettings: Settings = { ENVIRONMENT: "local", HOST: "127.0.0.1", BCRYPT_COST: "4", TELEMETRY_SIMULATION_ENABLED: "false",
  MAX_CALLS_PER_MINUTE_OF_USER: "0", MAX_CALLS_PER_MINUTE_OF_ADMIN: "0", MAX_DEVICES_OF_USER: "0", MAX_RENEWALS_PER_MINUTE: "0" };

/** A real server in its own temporary folder, which `remove` deletes. */
export class Server {
  private child: ChildProcess | undefined;
  /** 0 until the first start, which picks a free port. Later starts use the same port. */
  private port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), "breakwater-browser-"));

  constructor(private readonly settings: Settings = {}) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    // The server is killed when this process ends.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", binary, "serve"], { cwd: this.folder, env: this.environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.port = await new Promise<number>((listening, failed) => {
      let output = "";
      const onOutput = (piece: Buffer) => {
        output += piece.toString();
        const port = /breakwater is listening on \S+:(\d+)\s/.exec(output)?.[1];
        if (port !== undefined) listening(Number(port));
      };
      child.stdout.on("data", onOutput);
      child.stderr.on("data", onOutput);
      child.once("error", failed);
      child.once("exit", () => failed(new Error(`the server did not start. Its output:\n${output}`)));
    });
  }

  /** Runs another command of the binary on the same database. REQUIRES: the server is stopped. */
  command(args: readonly string[], input = ""): string {
    return execFileSync(binary, args, { cwd: this.folder, env: this.environment(), input, encoding: "utf8" });
  }

  stop(): Promise<void> {
    return this.end("SIGTERM");
  }

  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, ...testSettings, PORT: String(this.port), ...this.settings };
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

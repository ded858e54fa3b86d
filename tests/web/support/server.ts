import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Settings = Readonly<Record<string, string>>;

/** The program under test; CTest says where it is. */
const binary = resolve(process.env.BREAKWATER_BINARY ?? "../../build/release/bin/breakwater");

/** As in tests/support/server_process.cpp: cheap hashes, no quotas, and no device that speaks by itself. */
const cheap: Settings = { ENVIRONMENT: "local", HOST: "127.0.0.1", BCRYPT_COST: "4", TELEMETRY_SIMULATION_ENABLED: "false",
  MAX_CALLS_PER_MINUTE_OF_USER: "0", MAX_CALLS_PER_MINUTE_OF_ADMIN: "0", MAX_DEVICES_OF_USER: "0", MAX_RENEWALS_PER_MINUTE: "0" };

/** The real server in a folder of its own, which goes with it. */
export class Server {
  private child: ChildProcess | undefined;
  /** 0 until it has listened: the first start picks a free one, later ones take it again. */
  private port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), "breakwater-browser-"));

  constructor(private readonly settings: Settings = {}) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    // Whatever becomes of this process, the server ends with it.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", binary, "serve"], { cwd: this.folder, env: this.environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.port = await new Promise<number>((listens, fails) => {
      let said = "";
      const hear = (piece: Buffer) => {
        said += piece.toString();
        const port = /breakwater is listening on \S+:(\d+)\s/.exec(said)?.[1];
        if (port !== undefined) listens(Number(port));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("error", fails);
      child.once("exit", () => fails(new Error(`the server did not start; it said:\n${said}`)));
    });
  }

  /** Runs another command of the program on the same database, for which the server has to be stopped. */
  command(words: readonly string[], input = ""): string {
    return execFileSync(binary, words, { cwd: this.folder, env: this.environment(), input, encoding: "utf8" });
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
    return { PATH: process.env.PATH, ...cheap, PORT: String(this.port), ...this.settings };
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

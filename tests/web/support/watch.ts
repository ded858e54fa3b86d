import type { BrowserContext, ConsoleMessage, Page, Request, Response } from "@playwright/test";

/** What no page may do: fail, complain, break its Content-Security-Policy, or speak to anybody but its server. */
export class Watch {
  private readonly allowed: RegExp[] = [];
  private readonly seen: string[] = [];

  constructor(private readonly server: { url: string }) {}

  /** What this test brings about on purpose: `POST /auth/login → 401`, or the text of a console message. */
  allow(...what: RegExp[]): void {
    this.allowed.push(...what);
  }

  over(context: BrowserContext): void {
    context.on("console", (message) => this.console(message));
    context.on("weberror", (thrown) => this.seen.push(`thrown: ${thrown.error().stack ?? thrown.error().message}`));
    context.on("request", (request) => this.request(request));
    context.on("response", (response) => this.response(response));
    context.on("page", (page) => this.page(page));
  }

  faults(): string[] {
    return this.seen.filter((each) => !this.allowed.some((pattern) => pattern.test(each)));
  }

  private page(page: Page): void {
    page.on("websocket", (socket) => this.origin("WebSocket", socket.url().replace(/^ws/, "http")));
  }

  // A policy that is broken is a console message too: "Refused to …", "… violates the following Content Security Policy …".
  private console(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (message.text().startsWith("Failed to load resource: the server responded")) return; // told as an answer
    this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  }

  private request(request: Request): void {
    this.origin(request.method(), request.url());
  }

  private response(response: Response): void {
    if (response.status() >= 400) this.seen.push(`${response.request().method()} ${new URL(response.url()).pathname} → ${response.status()}`);
  }

  private origin(how: string, url: string): void {
    const { origin, protocol } = new URL(url);
    if (origin !== this.server.url && protocol !== "data:" && protocol !== "blob:" && url !== "about:blank") this.seen.push(`elsewhere: ${how} ${url}`);
  }
}

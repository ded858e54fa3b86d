import type { BrowserContext, ConsoleMessage, Page, Request, Response } from "@playwright/test";

/** Records what no page may do: fail, log errors, violate its Content-Security-Policy, or contact another origin. */
export class PageWatch {
  private readonly allowed: RegExp[] = [];
  private readonly violations: string[] = [];

  constructor(private readonly server: { url: string }) {}

  /** Allows violations that a test causes on purpose: `POST /auth/login → 401`, or the text of a console message. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  attach(context: BrowserContext): void {
    context.on("console", (message) => this.console(message));
    context.on("weberror", (thrown) => this.violations.push(`thrown: ${thrown.error().stack ?? thrown.error().message}`));
    context.on("request", (request) => this.request(request));
    context.on("response", (response) => this.response(response));
    context.on("page", (page) => this.page(page));
  }

  unexpected(): string[] {
    return this.violations.filter((violation) => !this.allowed.some((pattern) => pattern.test(violation)));
  }

  private page(page: Page): void {
    page.on("websocket", (socket) => this.checkOrigin("WebSocket", socket.url().replace(/^ws/, "http")));
  }

  // Policy violations are console messages too: "Refused to …", "… violates the following Content Security Policy …".
  private console(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (message.text().startsWith("Failed to load resource: the server responded")) return; // recorded as a response
    this.violations.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  }

  private request(request: Request): void {
    this.checkOrigin(request.method(), request.url());
  }

  private response(response: Response): void {
    if (response.status() >= 400) this.violations.push(`${response.request().method()} ${new URL(response.url()).pathname} → ${response.status()}`);
  }

  private checkOrigin(method: string, url: string): void {
    const { origin, protocol } = new URL(url);
    if (origin !== this.server.url && protocol !== "data:" && protocol !== "blob:" && url !== "about:blank") this.violations.push(`elsewhere: ${method} ${url}`);
  }
}

import { request as httpsRequest } from "node:https";

import { firstAdmin } from "../support/api";
import { ProxiedServer, type ProxyKind, basePath, proxyKinds } from "../support/proxied-server";
import { expect, fillIn, liveState, row, test as base } from "../support/test";
import { PageWatch } from "../support/watch";

/** The proxy examples of docs/deployment.md in front of the real server. */
const test = base.extend<{ kind: ProxyKind; proxied: ProxiedServer }>({
  kind: ["nginx", { option: true }],
  proxied: async ({ kind }, use) => {
    const server = new ProxiedServer(kind);
    await server.start();
    await use(server);
    await server.remove();
  },
  server: async ({ proxied }, use) => use(proxied),
  ignoreHTTPSErrors: true,
  watch: async ({ proxied, context }, use) => {
    const watch = new PageWatch({ url: proxied.origin });
    watch.attach(context);
    await use(watch);
    expect(watch.unexpected(), "violations by the page").toEqual([]);
  },
});

/** `fromServer`: the server behind the proxy answered, not the proxy itself. */
type ProxyResponse = { status: number; location: string | undefined; fromServer: boolean };

/** Sends a request through the proxy from another address of this machine. */
function sendThroughProxy(server: ProxiedServer, path: string, { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<ProxyResponse> {
  return new Promise((resolve, reject) => {
    const clientRequest = httpsRequest(server.origin + path, { method, headers, localAddress: "127.0.0.7", rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      response.once("end", () => resolve({ status: response.statusCode ?? 0, location: response.headers.location, fromServer: "x-request-id" in response.headers }));
    });
    clientRequest.once("error", reject);
    clientRequest.end(body);
  });
}

for (const kind of proxyKinds)
  test.describe(`behind ${kind}`, () => {
    test.use({ kind });
    test.skip(({ colorScheme }) => colorScheme === "dark", "proxying doesn't depend on the theme");

    test("everything is below the path: pages, signing in, cookies, live connection", async ({ page, context, proxied, admin }) => {
      const outside: string[] = [];
      page.on("request", (request) => {
        const { pathname, protocol } = new URL(request.url());
        if (/^http/.test(protocol) && !pathname.startsWith(`${basePath}/`)) outside.push(request.url());
      });
      const sockets: string[] = [];
      page.on("websocket", (socket) => sockets.push(socket.url()));
      await page.goto(`${proxied.address}/`);
      await fillIn(page, firstAdmin);
      await expect(liveState(page)).toHaveText("Live");
      expect(new Set(sockets)).toEqual(new Set([`${proxied.address.replace(/^https/, "wss")}/live`]));

      const cookies = await context.cookies();
      expect(cookies.map(({ path, secure, httpOnly }) => ({ path, secure, httpOnly }))).toEqual(Array(2).fill({ path: `${basePath}/auth`, secure: true, httpOnly: true }));

      // Live events pass through the proxy.
      await admin.device("Lighthouse");
      await expect(row(page, /Lighthouse/)).toBeVisible();
      // A lazily loaded page, and the session after a reload.
      await page.getByRole("link", { name: "Lighthouse" }).click();
      await expect(page.getByRole("heading", { name: "Lighthouse", level: 1 })).toBeVisible();
      await page.reload();
      await expect(page.getByRole("heading", { name: "Lighthouse", level: 1 })).toBeVisible();
      await expect(liveState(page)).toHaveText("Live");
      expect(outside).toEqual([]);
    });

    test("the API documentation finds its document and sends requests below the path", async ({ page, proxied }) => {
      await page.goto(`${proxied.address}/docs`);
      await expect(page.getByText("A management stack for IoT fleets.")).toBeVisible();
      await page.getByRole("button", { name: /get .healthz/i }).first().click();
      await page.getByRole("button", { name: "Execute" }).click();
      await expect(page.locator(".request-url").getByText(`${proxied.address}/healthz`)).toBeVisible();
      await expect(page.locator(".live-responses-table .response .response-col_status")).toContainText("200");
    });

    test("the audit log has the client's real address, not the one in its headers", async ({ proxied, admin }) => {
      const body = JSON.stringify({ email: "nobody@example.com", password: "not the one it is" });
      const headers = { "X-Forwarded-For": "203.0.113.9", Forwarded: "for=203.0.113.9;proto=http", "Content-Type": "application/json" };
      expect((await sendThroughProxy(proxied, `${basePath}/auth/login`, { method: "POST", headers: headers, body })).status).toBe(401);
      const events = await admin.call<{ event_type: string; status: string; source_address: string | null }[]>("GET", "/admin/security-events?event_type=login&status=denied");
      expect(events.map((event) => event.source_address)).toEqual(["127.0.0.7"]);
    });

    test("the path without a trailing slash redirects to the page, and other paths don't reach the server", async ({ proxied }) => {
      const withoutSlash = await sendThroughProxy(proxied, basePath);
      expect([301, 308]).toContain(withoutSlash.status);
      expect(new URL(withoutSlash.location ?? "", `${proxied.origin}/`).href).toBe(`${proxied.address}/`);
      expect((await sendThroughProxy(proxied, "/healthz")).fromServer).toBe(false);
      expect((await sendThroughProxy(proxied, `${basePath}/metrics`)).status).toBe(403);
      expect(await sendThroughProxy(proxied, `${basePath}/healthz`)).toMatchObject({ status: 200, fromServer: true });
    });
  });

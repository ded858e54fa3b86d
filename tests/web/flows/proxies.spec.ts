import { request as httpsRequest } from "node:https";

import { firstAdmin } from "../support/api";
import { Fronted, type Kind, basePath, kinds } from "../support/fronts";
import { expect, fillIn, liveState, row, test as base } from "../support/test";
import { Watch } from "../support/watch";

/** The examples of docs/deployment.md, each in its proxy, in front of the real server. */
const test = base.extend<{ kind: Kind; fronted: Fronted }>({
  kind: ["nginx", { option: true }],
  fronted: async ({ kind }, use) => {
    const fronted = new Fronted(kind);
    await fronted.start();
    await use(fronted);
    await fronted.remove();
  },
  server: async ({ fronted }, use) => use(fronted),
  ignoreHTTPSErrors: true,
  watch: async ({ fronted, context }, use) => {
    const watch = new Watch({ url: fronted.origin });
    watch.over(context);
    await use(watch);
    expect(watch.faults(), "what the page did that it may not").toEqual([]);
  },
});

/** `ours`: the server behind answered, not the proxy. */
type Answer = { status: number; location: string | undefined; ours: boolean };

/** As a client at another address of this machine, through the proxy. */
function ask(fronted: Fronted, path: string, { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((answered, fails) => {
    const sent = httpsRequest(fronted.origin + path, { method, headers, localAddress: "127.0.0.7", rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => answered({ status: answer.statusCode ?? 0, location: answer.headers.location, ours: "x-request-id" in answer.headers }));
    });
    sent.once("error", fails);
    sent.end(body);
  });
}

for (const kind of kinds)
  test.describe(`behind ${kind}`, () => {
    test.use({ kind });
    test.skip(({ colorScheme }) => colorScheme === "dark", "what is passed on has no colour");

    test("everything is under the path: pages, signing in, cookies, what is live", async ({ page, context, fronted, admin }) => {
      const outside: string[] = [];
      page.on("request", (request) => {
        const { pathname, protocol } = new URL(request.url());
        if (/^http/.test(protocol) && !pathname.startsWith(`${basePath}/`)) outside.push(request.url());
      });
      const sockets: string[] = [];
      page.on("websocket", (socket) => sockets.push(socket.url()));
      await page.goto(`${fronted.address}/`);
      await fillIn(page, firstAdmin);
      await expect(liveState(page)).toHaveText("Live");
      expect(new Set(sockets)).toEqual(new Set([`${fronted.address.replace(/^https/, "wss")}/live`]));

      const cookies = await context.cookies();
      expect(cookies.map(({ path, secure, httpOnly }) => ({ path, secure, httpOnly }))).toEqual(Array(2).fill({ path: `${basePath}/auth`, secure: true, httpOnly: true }));

      // What happens is told at once, through the proxy.
      await admin.device("Lighthouse");
      await expect(row(page, /Lighthouse/)).toBeVisible();
      // A part that is loaded when it is needed, and the sign-in after a reload.
      await page.getByRole("link", { name: "Lighthouse" }).click();
      await expect(page.getByRole("heading", { name: "Lighthouse", level: 1 })).toBeVisible();
      await page.reload();
      await expect(page.getByRole("heading", { name: "Lighthouse", level: 1 })).toBeVisible();
      await expect(liveState(page)).toHaveText("Live");
      expect(outside).toEqual([]);
    });

    test("the API's page finds its document, and calls behind the path", async ({ page, fronted }) => {
      await page.goto(`${fronted.address}/docs`);
      await expect(page.getByText("A management stack for IoT fleets.")).toBeVisible();
      await page.getByRole("button", { name: /get .healthz/i }).first().click();
      await page.getByRole("button", { name: "Execute" }).click();
      await expect(page.locator(".request-url").getByText(`${fronted.address}/healthz`)).toBeVisible();
      await expect(page.locator(".live-responses-table .response .response-col_status")).toContainText("200");
    });

    test("the audit log has the client's address, whatever it says of itself", async ({ fronted, admin }) => {
      const body = JSON.stringify({ email: "nobody@example.com", password: "not the one it is" });
      const made = { "X-Forwarded-For": "203.0.113.9", Forwarded: "for=203.0.113.9;proto=http", "Content-Type": "application/json" };
      expect((await ask(fronted, `${basePath}/auth/login`, { method: "POST", headers: made, body })).status).toBe(401);
      const events = await admin.call<{ event_type: string; status: string; source_address: string | null }[]>("GET", "/admin/security-events?event_type=login&status=denied");
      expect(events.map((each) => each.source_address)).toEqual(["127.0.0.7"]);
    });

    test("the path without its slash leads to the page, and others aren't the server's", async ({ fronted }) => {
      const bare = await ask(fronted, basePath);
      expect([301, 308]).toContain(bare.status);
      expect(new URL(bare.location ?? "", `${fronted.origin}/`).href).toBe(`${fronted.address}/`);
      expect((await ask(fronted, "/healthz")).ours).toBe(false);
      expect((await ask(fronted, `${basePath}/metrics`)).status).toBe(403);
      expect(await ask(fronted, `${basePath}/healthz`)).toMatchObject({ status: 200, ours: true });
    });
  });

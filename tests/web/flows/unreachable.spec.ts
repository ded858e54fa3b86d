import { Api } from "../support/api";
import { Proxy } from "../support/proxy";
import { expect, liveState, signIn, test } from "../support/test";

const noise = [/ERR_/, /WebSocket connection to/, /Failed to fetch dynamically imported module/];

test("a page opened while the server is down reports it, and loads when the server is back @phone", async ({ page, api, ada, server, watch, isMobile }) => {
  watch.allow(...noise);
  await (await api.signIn(ada)).device("Roof station");
  await signIn(page, ada);
  await server.kill();
  await expect(liveState(page)).toHaveText(/^No connection/);
  if (isMobile) await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "Rules" }).click();
  await expect(page.getByText("The server can’t be reached.").first()).toBeVisible();
  await expect(page.getByText("An error occurred on this page")).toHaveCount(0);
  await server.start();
  await expect(page.getByRole("heading", { name: "Rules", level: 1 })).toBeVisible();
  await expect(page.getByText("The server can’t be reached.")).toHaveCount(0);
});

test("open pages stay while the server is down, and failed requests are repeated when it is back", async ({ page, api, ada, server, watch }) => {
  watch.allow(...noise);
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await adaApi.device("Attic");
  await signIn(page, ada, `/#/devices/${roof.device_id}`);
  await expect(page.getByRole("heading", { name: "Roof station" })).toBeVisible();
  await page.getByRole("link", { name: "← Fleet" }).click();
  await server.kill();
  await expect(liveState(page)).toHaveText(/^No connection/);
  await page.getByRole("link", { name: "Attic" }).click();
  await expect(page.getByText("The server can’t be reached.").first()).toBeVisible();
  await server.start();
  await expect(page.getByRole("heading", { name: "Attic" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Charts" })).toBeVisible();
});

test("a missing part of the page and a new build offer a reload", async ({ page, ada, server, watch }) => {
  watch.allow(...noise, /→ 404/);
  await signIn(page, ada);
  await page.route(/RulesPage-.*\.js/, (route) => route.fulfill({ status: 404, body: "" }));
  await page.getByRole("link", { name: "Rules" }).click();
  const offer = page.getByRole("alert").filter({ hasText: "The server has a new version of this page." });
  await expect(offer).toBeVisible();
  await expect(page.getByText("An error occurred on this page")).toHaveCount(0);
  await page.unroute(/RulesPage-.*\.js/);
  await offer.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByRole("heading", { name: "Rules", level: 1 })).toBeVisible();

  // The server restarts with another build while a page is open.
  await expect(liveState(page)).toHaveText("Live");
  await server.stop();
  await page.route(/\/app\/app\.js/, (route) => (route.request().method() === "HEAD" ? route.fulfill({ status: 200, headers: { ETag: 'W/"another"' } }) : route.continue()));
  await server.start();
  await expect(offer).toBeVisible();
});

test("input survives the end of a session and is hidden until the user signs in again", async ({ page, api, ada, watch, server }) => {
  watch.allow(/POST \/(live\/ticket|auth\/refresh|auth\/login|devices) → 401/);
  await signIn(page, ada);
  await page.getByRole("button", { name: "Add a device" }).first().click();
  const form = page.getByRole("dialog", { name: "Add a device" });
  await form.getByRole("textbox", { name: "Name" }).fill("Half entered");
  await (await api.signIn(ada)).call("POST", "/auth/logout-all", {});
  const signInDialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(signInDialog).toBeVisible();
  await signInDialog.getByLabel("Password", { exact: true }).fill("incorrect horse");
  await signInDialog.getByRole("button", { name: "Sign in" }).click();
  await expect(signInDialog.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();
  await signInDialog.getByLabel("Password", { exact: true }).fill(ada.password);
  await signInDialog.getByRole("button", { name: "Sign in" }).click();
  await expect(signInDialog).toBeHidden();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue("Half entered");
  await form.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText("Half entered is ready")).toBeVisible();
  const adaApi = await new Api(server).signIn(ada);
  expect((await adaApi.call<{ name: string }[]>("GET", "/devices")).map((device) => device.name)).toEqual(["Half entered"]);
});

test("the page starts once the network is back", async ({ page, ada, server, watch }) => {
  watch.allow(...noise);
  const proxy = new Proxy(server);
  await proxy.start();
  watch.allow(new RegExp(`^elsewhere: \\S+ ${proxy.url}/`));
  await signIn(page, ada, proxy.url);
  await page.route("**/auth/refresh", (route) => route.abort());
  await page.reload();
  await expect(page.getByText("You are still signed in.")).toBeVisible({ timeout: 30_000 });
  await page.unroute("**/auth/refresh");
  await expect(liveState(page)).toHaveText("Live");
  proxy.stop();
});

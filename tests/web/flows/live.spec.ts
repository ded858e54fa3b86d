import { Proxy } from "../support/proxy";
import { expect, liveState, signIn, test } from "../support/test";

test("a new reading appears without a reload @phone", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, ada);
  const row = page.getByRole("row", { name: /Roof station/ });
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: 31.25 } });
  await expect(row).toContainText("temperature 31.25 °C");
  await expect(row).toContainText("Reporting");
});

test("devices that are created or deleted elsewhere appear and disappear", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  await signIn(page, ada);
  const device = await adaApi.device("Made elsewhere");
  await expect(page.getByRole("link", { name: "Made elsewhere" })).toBeVisible();
  await adaApi.call("DELETE", `/devices/${device.device_id}`);
  await expect(page.getByRole("link", { name: "Made elsewhere" })).toBeHidden();
});

test("a lost connection is reported and restored @phone", async ({ page, api, ada, server, watch }) => {
  watch.allow(/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|ERR_CONNECTION_(CLOSED|RESET)|WebSocket connection to/);
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  await signIn(page, ada);

  await server.kill();
  await expect(liveState(page)).toHaveText(/^No connection since \d\d:\d\d; retrying …$/);
  await server.start();
  await expect(liveState(page)).toHaveText("Live");
  await (await api.asDevice(roof)).sendReading({ metrics: { temperature_c: -4.5 } });
  await expect(page.getByRole("row", { name: /Roof station/ })).toContainText("temperature -4.5 °C");
});

test("a connection that drops all traffic counts as lost, and no device counts as silent meanwhile @phone", async ({ page, api, ada, server, watch }) => {
  const proxy = new Proxy(server);
  await proxy.start();
  watch.allow(new RegExp(`^elsewhere: \\S+ ${proxy.url}/`), /WebSocket connection to|ERR_/);
  const adaApi = await api.signIn(ada);
  const roof = await (await api.asDevice(await adaApi.device("Roof station"))).sendReading({ metrics: { temperature_c: 12.5 } });
  await adaApi.call("POST", `/devices/${(await adaApi.device("Attic")).device_id}/deactivate`);
  await page.clock.install();
  await signIn(page, ada, proxy.url);
  const row = page.getByRole("row", { name: /Roof station/ });
  await expect(row).toContainText("Reporting");
  await page.getByRole("link", { name: "Roof station" }).click();
  await expect(page.getByRole("heading", { name: "Roof station" })).toBeVisible();
  await expect(page.getByText("Reporting")).toBeVisible();

  proxy.dropAll();
  await page.clock.fastForward(15_000);
  await expect(liveState(page)).toHaveText(/^No connection since \d\d:\d\d; retrying …$/);
  await page.clock.fastForward(10 * 60_000);
  await expect(page.getByText(/Unknown since \d\d:\d\d/)).toBeVisible();
  await page.getByRole("link", { name: "← Fleet" }).click();
  await expect(row).toContainText(/Unknown since \d\d:\d\d/);
  await expect(page.getByRole("row", { name: /Attic/ })).toContainText("Blocked");
  await expect(page.getByRole("region", { name: "Overview" }).getByRole("button", { name: "Silent" })).toContainText("–");

  proxy.restore();
  await adaApi.call("PUT", `/devices/${roof.device_id}`, { name: "Roof by the sea" });
  await expect(async () => {
    await page.clock.fastForward(5000); // retry delays are up to 15 s
    await expect(liveState(page)).toHaveText("Live", { timeout: 2000 });
  }).toPass();
  await expect(page.getByRole("link", { name: "Roof by the sea" })).toBeVisible();
  await expect(page.getByText(/Unknown since/)).toHaveCount(0);
  proxy.stop();
});

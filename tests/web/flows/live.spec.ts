import { Proxy } from "../support/proxy";
import { expect, liveState, signIn, test } from "../support/test";

test("a reading that is sent is seen without a reload @phone", async ({ page, api, ada }) => {
  const hers = await api.signIn(ada);
  const roof = await hers.device("Roof station");
  await signIn(page, ada);
  const row = page.getByRole("row", { name: /Roof station/ });
  await (await api.as(roof)).say({ metrics: { temperature_c: 31.25 } });
  await expect(row).toContainText("temperature 31.25 °C");
  await expect(row).toContainText("Speaking");
});

test("a device that is made or deleted elsewhere comes and goes", async ({ page, api, ada }) => {
  const hers = await api.signIn(ada);
  await signIn(page, ada);
  const made = await hers.device("Made elsewhere");
  await expect(page.getByRole("link", { name: "Made elsewhere" })).toBeVisible();
  await hers.call("DELETE", `/devices/${made.device_id}`);
  await expect(page.getByRole("link", { name: "Made elsewhere" })).toBeHidden();
});

test("a connection that is lost is said to be, and heals @phone", async ({ page, api, ada, server, watch }) => {
  watch.allow(/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|ERR_CONNECTION_(CLOSED|RESET)|WebSocket connection to/);
  const hers = await api.signIn(ada);
  const roof = await hers.device("Roof station");
  await signIn(page, ada);

  await server.kill();
  await expect(liveState(page)).toHaveText(/^Connection lost since \d\d:\d\d; trying again …$/);
  await server.start();
  await expect(liveState(page)).toHaveText("Live");
  await (await api.as(roof)).say({ metrics: { temperature_c: -4.5 } });
  await expect(page.getByRole("row", { name: /Roof station/ })).toContainText("temperature -4.5 °C");
});

test("a connection on which everything is swallowed is found to be lost, and nobody is called silent for it @phone", async ({ page, api, ada, server, watch }) => {
  const proxy = new Proxy(server);
  await proxy.start();
  watch.allow(new RegExp(`^elsewhere: \\S+ ${proxy.url}/`), /WebSocket connection to|ERR_/);
  const hers = await api.signIn(ada);
  const roof = await (await api.as(await hers.device("Roof station"))).say({ metrics: { temperature_c: 12.5 } });
  await hers.call("POST", `/devices/${(await hers.device("Attic")).device_id}/deactivate`);
  await page.clock.install();
  await signIn(page, ada, proxy.url);
  const row = page.getByRole("row", { name: /Roof station/ });
  await expect(row).toContainText("Speaking");
  await page.getByRole("link", { name: "Roof station" }).click();
  await expect(page.getByText("Speaking")).toBeVisible();

  proxy.swallow();
  await page.clock.fastForward(15_000);
  await expect(liveState(page)).toHaveText(/^Connection lost since \d\d:\d\d; trying again …$/);
  await page.clock.fastForward(10 * 60_000);
  await expect(page.getByText(/Unknown since \d\d:\d\d/)).toBeVisible();
  await page.getByRole("link", { name: "← Fleet" }).click();
  await expect(row).toContainText(/Unknown since \d\d:\d\d/);
  await expect(page.getByRole("row", { name: /Attic/ })).toContainText("Blocked");
  await expect(page.getByRole("region", { name: "Overview" }).getByRole("button", { name: "Silent" })).toContainText("–");

  proxy.heal();
  await hers.call("PUT", `/devices/${roof.device_id}`, { name: "Roof by the sea" });
  await expect(async () => {
    await page.clock.fastForward(5000); // waits between tries are up to 15 s
    await expect(liveState(page)).toHaveText("Live", { timeout: 2000 });
  }).toPass();
  await expect(page.getByRole("link", { name: "Roof by the sea" })).toBeVisible();
  await expect(page.getByText(/Unknown since/)).toBeHidden();
  proxy.stop();
});

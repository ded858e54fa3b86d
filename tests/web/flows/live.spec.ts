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
  watch.allow(/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE|ERR_CONNECTION_(CLOSED|RESET)|WebSocket connection to/);
  const hers = await api.signIn(ada);
  const roof = await hers.device("Roof station");
  await signIn(page, ada);

  await server.kill();
  await expect(liveState(page)).toHaveText("Connection lost; trying again …");
  await server.start();
  await expect(liveState(page)).toHaveText("Live");
  await (await api.as(roof)).say({ metrics: { temperature_c: -4.5 } });
  await expect(page.getByRole("row", { name: /Roof station/ })).toContainText("temperature -4.5 °C");
});

import { day, minute, importHistory, weather } from "../support/history";
import { boxOf, expect, signIn, test } from "../support/test";

test("the view of the fleet is in the address: a reload, Back and a shared link show the same @phone", async ({ page, api, ada, elsewhere }) => {
  const adaApi = await api.signIn(ada);
  for (const name of ["Front door", "Back door", "Cellar door"]) await adaApi.device(name, "smart_lock");
  await adaApi.device("Roof station");
  await signIn(page, ada);
  const names = page.getByRole("grid", { name: "Devices" }).getByRole("rowheader");
  await page.getByRole("searchbox", { name: "Search by name or id" }).fill("door");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  const expectedNames = ["Front door", "Cellar door", "Back door"];
  await expect(names).toHaveText(expectedNames);
  await page.getByRole("checkbox", { name: "Select Cellar door" }).click();
  await expect(page).toHaveURL(/#\/\?q=door&sort=-name&selected=[\w-]{36}$/);

  const expectSameView = async (current = page) => {
    await expect(current.getByRole("grid", { name: "Devices" }).getByRole("rowheader")).toHaveText(expectedNames);
    await expect(current.getByRole("checkbox", { name: "Select Cellar door" })).toBeChecked();
  };
  await page.reload();
  await expectSameView();
  await page.getByRole("link", { name: "Front door" }).click();
  await expect(page.getByRole("heading", { name: "Front door" })).toBeVisible();
  await page.goBack();
  await expectSameView();
  const other = await elsewhere();
  await signIn(other, ada, new URL(page.url()).hash === "" ? "/" : `/${new URL(page.url()).hash}`);
  await expectSameView(other);

  // The navigation keeps the view too.
  await page.getByRole("link", { name: "Front door" }).click();
  await page.getByRole("link", { name: "← Fleet" }).click();
  await expect(names).toHaveText(expectedNames);
});

test("tab, time range and zoom of a device are in the address", async ({ page, server, api, ada }) => {
  const adaApi = await api.signIn(ada);
  const roof = await adaApi.device("Roof station");
  const now = Date.now();
  await importHistory(server, [{ device: roof, since: now - 2 * day, until: now, interval: 10 * minute, payloadAt: (at) => weather(at) }]);
  await signIn(page, ada, `/#/devices/${roof.device_id}?range=day`);
  const rangeOption = (name: string) => page.getByRole("radiogroup", { name: "Time range" }).getByRole("radio", { name });
  await expect(rangeOption("Day")).toBeChecked();
  const chart = page.getByRole("region", { name: "temperature", exact: true }).getByRole("img");
  await expect(chart).toHaveAccessibleName(/lowest/);
  const box = await boxOf(chart.locator(".u-over"));
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 });
  await page.mouse.up();
  const zoomOut = page.getByRole("button", { name: "Zoom out" });
  await expect(zoomOut).toBeVisible();
  await expect(page).toHaveURL(/range=[^&]+Z~[^&]+Z&zoomed=day/);
  await page.reload();
  await zoomOut.click();
  await expect(rangeOption("Day")).toBeChecked();
  await page.goBack();
  await expect(zoomOut).toBeVisible();

  await page.getByRole("tab", { name: "Readings" }).click();
  await page.reload();
  await expect(page.getByRole("tab", { name: "Readings" })).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Charts" })).toHaveAttribute("aria-selected", "true");
});

test("filters and the open alert are in the address", async ({ page, api, admin, ada }) => {
  const adaApi = await api.signIn(ada);
  const lock = await adaApi.device("Vault", "smart_lock");
  await (await api.asDevice(lock)).sendReading({ status: "locked", battery_pct: 70, jam_detected: true, last_action: null });
  await expect.poll(async () => (await admin.call<unknown[]>("GET", "/alerts")).length).toBeGreaterThan(0);
  await signIn(page, { email: "admin@example.com", password: "Admin123!" }, "/#/alerts?state=all");
  await expect(page.getByLabel("State")).toHaveValue("all");
  await page.getByRole("grid", { name: "Alerts" }).getByRole("button").first().click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toBeVisible();
  await expect(page).toHaveURL(/state=all&alert=\d+$/);
  await page.reload();
  await expect(drawer).toContainText("Vault");
  // Also for an alert outside the filtered list.
  const id = /alert=(\d+)/.exec(page.url())?.[1] ?? "";
  await page.goto(`/#/alerts?state=resolved&alert=${id}`);
  await expect(drawer).toContainText("Vault");
  await page.goBack();
  await page.goBack();
  await expect(drawer).toBeHidden();

  await page.goto("/#/security?status=denied&event=login");
  await expect(page.getByLabel("Outcome")).toHaveValue("denied");
});

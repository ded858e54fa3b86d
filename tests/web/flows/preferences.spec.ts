import { hour, importHistory, weather } from "../support/history";
import { expect, fillIn, liveState, signIn, test } from "../support/test";

test("the language is switched to Polish and back, and remembered", async ({ page, ada }) => {
  await page.goto("/");
  await page.getByText("Polski").click();
  await expect(page.getByRole("heading", { name: "Zaloguj się", level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "pl");
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByLabel("Hasło", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Zaloguj się", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Flota", level: 1 })).toBeVisible();
  await page.reload();
  await expect(liveState(page)).toHaveText("Na żywo");
  await page.getByRole("button", { name: "Konto i ustawienia" }).click();
  await page.getByText("English").click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

test.describe("times", () => {
  test.use({ timezoneId: "America/St_Johns" }); // UTC−3:30

  test("are shown in the viewer's time zone, with UTC in the tooltip", async ({ page, server, api, ada }) => {
    const roof = await (await api.signIn(ada)).device("Roof station");
    const at = Date.parse("2026-01-15T12:00:00Z");
    await importHistory(server, [{ device: roof, since: at, until: at + hour, interval: hour, payloadAt: (moment) => weather(moment) }]);
    await signIn(page, ada, `/#/devices/${roof.device_id}`);
    await page.getByRole("tab", { name: "Details and limits" }).click();
    const first = page.getByRole("row", { name: /First reading/ }).locator("time");
    await expect(first).toHaveText("Jan 15, 2026, 08:30:00");
    await expect(first).toHaveAttribute("title", "2026-01-15T12:00:00Z");
  });
});

test("the dark and the light theme are remembered", async ({ page, ada }) => {
  await page.goto("/");
  const scheme = page.locator("html");
  for (const name of ["Dark", "Light"]) {
    await page.getByText(name, { exact: true }).click();
    await expect(scheme).toHaveAttribute("data-mantine-color-scheme", name.toLowerCase());
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(scheme).toHaveAttribute("data-mantine-color-scheme", name.toLowerCase());
  }
  await fillIn(page, ada);
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

test("signing in, opening a device and going back work with the keyboard alone", async ({ page, api, ada }) => {
  const adaApi = await api.signIn(ada);
  for (const name of ["Attic", "Balcony", "Cellar"]) await adaApi.device(name);
  const keys = page.keyboard;
  const tabTo = async (locator: ReturnType<typeof page.getByRole>) => {
    await expect(locator).toBeVisible();
    for (let n = 0; n < 40 && !(await locator.evaluate((element) => element === document.activeElement)); ++n) await keys.press("Tab");
    await expect(locator).toBeFocused();
  };
  await page.goto("/");
  await tabTo(page.getByLabel("E-mail"));
  await keys.type(ada.email);
  await keys.press("Tab");
  await keys.type(ada.password);
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();

  await tabTo(page.getByRole("link", { name: "Attic" }));
  await keys.press("ArrowDown");
  await expect(page.getByRole("link", { name: "Balcony" })).toBeFocused();
  await keys.press("End");
  await expect(page.getByRole("link", { name: "Cellar" })).toBeFocused();
  await keys.press(" ");
  await expect(page.getByRole("checkbox", { name: "Select Cellar" })).toBeChecked();
  await keys.press(" ");
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Cellar", level: 1 })).toBeFocused();

  await tabTo(page.getByRole("link", { name: "← Fleet" }));
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeFocused();
  // The skip link jumps over the header.
  await page.reload();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await keys.press("Tab");
  await expect(page.getByText("Skip to the content")).toBeFocused();
  await keys.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

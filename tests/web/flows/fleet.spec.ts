import type { Page } from "@playwright/test";

import type { Account, Api } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

async function makeFleet(api: Api, ada: Account): Promise<Api> {
  const adaApi = await api.signIn(ada);
  for (const [name, category] of [
    ["Pump 10", "weather_station"],
    ["Pump 9", "weather_station"],
    ["Front door", "smart_lock"],
    ["Back door", "smart_lock"],
    ["Kitchen", "air_quality"],
  ] as const)
    await adaApi.device(name, category);
  return adaApi;
}

const names = (page: Page) => page.getByRole("grid", { name: "Devices" }).getByRole("rowheader");

test("devices are searched, filtered and sorted @phone", async ({ page, api, ada }) => {
  await makeFleet(api, ada);
  await signIn(page, ada);
  await expect(names(page)).toHaveText(["Back door", "Front door", "Kitchen", "Pump 9", "Pump 10"]);

  const search = page.getByRole("searchbox", { name: "Search by name or id" });
  await search.fill("DOOR");
  await expect(names(page)).toHaveText(["Back door", "Front door"]);
  await expect(page.getByText("2 of 5 devices")).toBeVisible();
  await search.fill("nothing like it");
  await expect(page.getByText("No device matches.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(names(page)).toHaveCount(5);

  const lock = page.getByRole("group", { name: "Categories" }).getByRole("button", { name: /Smart lock/ });
  await lock.click();
  await expect(names(page)).toHaveText(["Back door", "Front door"]);
  await lock.click();
  await expect(names(page)).toHaveCount(5);
});

test("the list is sorted by any of its columns", async ({ page, api, ada }) => {
  await makeFleet(api, ada);
  await signIn(page, ada);
  const sortButton = (column: string) => page.getByRole("columnheader", { name: column }).getByRole("button");
  await sortButton("Name").click();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(names(page)).toHaveText(["Pump 10", "Pump 9", "Kitchen", "Front door", "Back door"]);
  await sortButton("Category").click();
  await expect(names(page)).toHaveText(["Kitchen", "Back door", "Front door", "Pump 9", "Pump 10"]);
});

test("many devices are deactivated, reactivated and deleted at once", async ({ page, api, ada }) => {
  const adaApi = await makeFleet(api, ada);
  await signIn(page, ada);
  const figure = (name: string) => page.getByRole("region", { name: "Overview" }).getByRole("button", { name });
  const select = (name: string) => page.getByRole("checkbox", { name: `Select ${name}` });
  const statuses = async () => (await adaApi.call<{ name: string; status: string }[]>("GET", "/devices")).map((device) => `${device.name}: ${device.status}`).sort();

  // A Shift click selects the range from the previous one.
  await select("Back door").click();
  await select("Kitchen").click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Deactivate", exact: true }).click();
  const confirmation = page.getByRole("dialog", { name: "Deactivate 3 devices?" });
  await expect(confirmation).toContainText("Front door");
  await confirmation.getByRole("button", { name: "Deactivate" }).click();
  await expect(toast(page, "3 devices deactivated.")).toBeVisible();
  await expect(figure("Blocked")).toContainText("3");
  expect(await statuses()).toEqual(["Back door: blocked", "Front door: blocked", "Kitchen: blocked", "Pump 10: active", "Pump 9: active"]);

  await figure("Blocked").click();
  await expect(names(page)).toHaveText(["Back door", "Front door", "Kitchen"]);
  await page.getByRole("checkbox", { name: "Select all shown devices" }).click();
  await page.getByRole("button", { name: "Reactivate", exact: true }).click();
  await page.getByRole("dialog", { name: "Reactivate 3 devices?" }).getByRole("button", { name: "Reactivate" }).click();
  await expect(toast(page, "3 devices reactivated.")).toBeVisible();
  await expect(page.getByText("No device matches.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();

  await select("Pump 9").click();
  await select("Pump 10").click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const deletion = page.getByRole("dialog", { name: "Delete 2 devices for good?" });
  await expect(deletion.getByRole("button", { name: "Delete" })).toBeDisabled();
  await deletion.getByLabel("To confirm, type 2").fill("2");
  await deletion.getByRole("button", { name: "Delete" }).click();
  await expect(toast(page, "2 devices deleted.")).toBeVisible();
  await expect(names(page)).toHaveText(["Back door", "Front door", "Kitchen"]);
  expect(await statuses()).toEqual(["Back door: active", "Front door: active", "Kitchen: active"]);
});

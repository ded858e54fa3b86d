import type { Page } from "@playwright/test";

import { firstAdmin } from "../support/api";
import { expect, fillIn, signIn, test, toast } from "../support/test";

async function performAction(page: Page, email: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${email}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("an administrator creates, changes and deletes an account", async ({ page, elsewhere, watch }) => {
  watch.allow(/POST \/auth\/(refresh|login) → 401/, /POST \/live\/ticket → 401/);
  await signIn(page, firstAdmin, "/#/users");
  await page.getByRole("button", { name: "Add a user" }).click();
  const form = page.getByRole("dialog", { name: "Add a user" });
  await form.getByLabel("E-mail").fill("grace@example.com");
  await form.getByRole("button", { name: "Suggest one" }).click();
  const password = await form.getByRole("textbox", { name: "Password" }).inputValue();
  expect(password.length).toBeGreaterThan(15);
  await form.getByRole("button", { name: "Create the account" }).click();
  await expect(toast(page, "grace@example.com can sign in now.")).toBeVisible();
  await expect(page.getByRole("row", { name: /grace@example.com/ })).toContainText("User");

  const gracePage = await elsewhere();
  await signIn(gracePage, { email: "grace@example.com", password });
  await expect(gracePage.getByRole("navigation").getByRole("link", { name: "Users" })).toBeHidden();

  await performAction(page, "grace@example.com", "Make administrator");
  await page.getByRole("dialog", { name: "Make administrator" }).getByRole("button", { name: "Make administrator" }).click();
  await expect(page.getByRole("row", { name: /grace@example.com/ })).toContainText("Administrator");
  // The new role applies from the next sign-in; existing sessions end at once.
  await expect(gracePage.getByText("Your session has ended")).toBeVisible();
  await fillIn(gracePage, { email: "grace@example.com", password });
  await expect(gracePage.getByRole("navigation").getByRole("link", { name: "Users" })).toBeVisible();

  await performAction(page, "grace@example.com", "Set a password");
  await page.getByRole("dialog").getByLabel("New password").fill("another one entirely");
  await page.getByRole("dialog").getByRole("button", { name: "Set a password" }).click();
  await expect(toast(page, "grace@example.com has a new password.")).toBeVisible();
  await expect(gracePage.getByText("Your session has ended")).toBeVisible();
  await fillIn(gracePage, { email: "grace@example.com", password });
  await expect(gracePage.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();

  await performAction(page, "grace@example.com", "Delete");
  const confirmation = page.getByRole("dialog", { name: "Delete the account for good?" });
  await confirmation.getByLabel("To confirm, type grace@example.com").fill("grace@example.com");
  await confirmation.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("row", { name: /grace@example.com/ })).toBeHidden();
});

test("an existing address and the last administrator are reported @phone", async ({ page, ada, watch }) => {
  watch.allow(/POST \/admin\/users → 400/);
  await signIn(page, firstAdmin, "/#/users");
  await page.getByRole("button", { name: "Add a user" }).click();
  const form = page.getByRole("dialog", { name: "Add a user" });
  await form.getByLabel("E-mail").fill(ada.email);
  await form.getByRole("textbox", { name: "Password" }).fill("another one entirely");
  await form.getByRole("button", { name: "Create the account" }).click();
  await expect(form.getByRole("alert")).toContainText("An account with this address already exists.");
  await form.getByRole("button", { name: "Cancel" }).click();

  await performAction(page, firstAdmin.email, "Make ordinary user");
  const dialog = page.getByRole("dialog", { name: "Make ordinary user" });
  await expect(dialog).toContainText("This is the last administrator.");
  await expect(dialog.getByRole("button", { name: "Make ordinary user" })).toBeDisabled();
});

test("accounts are searched", async ({ page, ada, api }) => {
  await api.register({ email: "grace@example.com", password: "nanosecond wires by the foot" });
  await signIn(page, firstAdmin, "/#/users");
  await page.getByRole("searchbox", { name: "Search by address" }).fill("ADA");
  await expect(page.getByText("1 of 3 accounts")).toBeVisible();
  await expect(page.getByRole("cell", { name: ada.email, exact: true })).toBeVisible();
  await expect(page.getByRole("cell", { name: "grace@example.com" })).toBeHidden();
});

test("a user neither sees nor reaches the administrators' pages", async ({ page, ada }) => {
  await signIn(page, ada);
  const entries = page.getByRole("navigation").getByRole("link");
  await expect(entries.filter({ hasText: "Fleet" })).toBeVisible();
  for (const name of ["Users", "Security log", "Webhooks"]) await expect(entries.filter({ hasText: name })).toHaveCount(0);
  for (const path of ["users", "security", "webhooks"]) {
    await page.goto(`/#/${path}`);
    await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  }
});

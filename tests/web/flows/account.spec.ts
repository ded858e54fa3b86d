import { firstAdmin } from "../support/api";
import { expect, fillIn, signIn, test, toast } from "../support/test";

test("a user changes the password and signs in with the new one @phone", async ({ page, ada, watch }) => {
  watch.allow(/PUT \/auth\/password → (403|422)/, /POST \/(live\/ticket|auth\/refresh) → 401/);
  await signIn(page, ada);
  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Change password" }).click();
  const form = page.getByRole("dialog", { name: "Change password" });
  const change = async (current: string, next: string) => {
    await form.getByRole("textbox", { name: "Current password" }).fill(current);
    await form.getByRole("textbox", { name: "New password" }).fill(next);
    await form.getByRole("button", { name: "Change password" }).click();
  };
  await change("not the one it is", "a quiet harbour behind 7 walls");
  await expect(form.getByRole("alert")).toContainText("The current password is wrong.");
  await change(ada.password, "password");
  await expect(form.getByRole("alert")).toContainText("Must not be known from data breaches of other sites.");
  await change(ada.password, "a quiet harbour behind 7 walls");
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await fillIn(page, { ...ada, password: "a quiet harbour behind 7 walls" });
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

test("a user sees the sessions of the account and ends another one", async ({ page, ada, elsewhere, watch }) => {
  watch.allow(/POST \/(live\/ticket|auth\/refresh) → 401/);
  const other = await elsewhere();
  await signIn(other, ada);
  await signIn(page, ada);
  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Your sessions" }).click();
  const dialog = page.getByRole("dialog", { name: "Your sessions" });
  await expect(dialog.getByRole("group", { name: "This browser" })).toBeVisible();
  // The newest one: the test itself signed in before.
  await dialog.getByRole("group", { name: "Another browser or device" }).first().getByRole("button").click();
  await expect(toast(page, "The session has ended.")).toBeVisible();
  await expect(other.getByText("Your session has ended")).toBeVisible();
});

test.describe("with registration by invitation", () => {
  test.use({ settings: { REGISTRATION: "invite" } });

  test("an administrator creates an invitation link, and a guest registers with it once", async ({ page, elsewhere, watch }) => {
    await page.goto("/");
    await expect(page.getByText("Ask an administrator for an invitation.")).toBeVisible();
    await signIn(page, firstAdmin, "/#/users");
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite" });
    await dialog.getByRole("button", { name: "Create the link" }).click();
    const link = await dialog.getByText("#invitation=").innerText();

    const newPage = await elsewhere();
    await newPage.goto(link);
    await expect(newPage.getByText("You are invited. Choose your password.")).toBeVisible();
    await newPage.getByLabel("E-mail").fill("grace@example.com");
    await newPage.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
    await newPage.getByRole("button", { name: "Create an account" }).click();
    await expect(newPage.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
    expect(newPage.url()).not.toContain("invitation");

    watch.allow(/POST \/auth\/register → 403/);
    const secondPage = await elsewhere();
    await secondPage.goto(link);
    await secondPage.getByLabel("E-mail").fill("eve@example.com");
    await secondPage.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
    await secondPage.getByRole("button", { name: "Create an account" }).click();
    await expect(secondPage.getByRole("alert")).toContainText("This invitation is not valid");
  });
});

import { firstAdmin } from "../support/api";
import { expect, fillIn, signIn, test, toast } from "../support/test";

test("somebody changes the password and signs in with the new one @phone", async ({ page, ada, watch }) => {
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
  await expect(form.getByRole("alert")).toContainText("Is known from breaches of other sites.");
  await change(ada.password, "a quiet harbour behind 7 walls");
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await fillIn(page, { ...ada, password: "a quiet harbour behind 7 walls" });
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
});

test("somebody sees where the account is signed in, and ends the other place", async ({ page, ada, elsewhere, watch }) => {
  watch.allow(/POST \/(live\/ticket|auth\/refresh) → 401/);
  const other = await elsewhere();
  await signIn(other, ada);
  await signIn(page, ada);
  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Your sign-ins" }).click();
  const dialog = page.getByRole("dialog", { name: "Your sign-ins" });
  await expect(dialog.getByRole("group", { name: "This browser" })).toBeVisible();
  // The newest; the test itself signed in before.
  await dialog.getByRole("group", { name: "Another browser or device" }).first().getByRole("button").click();
  await expect(toast(page, "The sign-in has ended.")).toBeVisible();
  await expect(other.getByText("Your sign-in has ended")).toBeVisible();
});

test.describe("where registration is by invitation", () => {
  test.use({ settings: { REGISTRATION: "invite" } });

  test("an administrator hands over a link, and its reader makes an account", async ({ page, elsewhere, watch }) => {
    await page.goto("/");
    await expect(page.getByText("Ask an administrator for an invitation.")).toBeVisible();
    await signIn(page, firstAdmin, "/#/users");
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite" });
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const link = await dialog.getByText("#invitation=").innerText();

    const hers = await elsewhere();
    await hers.goto(link);
    await expect(hers.getByText("You are invited. Choose your password.")).toBeVisible();
    await hers.getByLabel("E-mail").fill("grace@example.com");
    await hers.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
    await hers.getByRole("button", { name: "Create an account" }).click();
    await expect(hers.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
    expect(hers.url()).not.toContain("invitation");

    watch.allow(/POST \/auth\/register → 403/);
    const late = await elsewhere();
    await late.goto(link);
    await late.getByLabel("E-mail").fill("eve@example.com");
    await late.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
    await late.getByRole("button", { name: "Create an account" }).click();
    await expect(late.getByRole("alert")).toContainText("This invitation doesn’t let you in");
  });
});

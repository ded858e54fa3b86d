import { expect, fillIn, signIn, test } from "../support/test";

test("a guest creates an account and is signed in @phone", async ({ page, watch }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "No account yet? Create one" }).click();
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill("password");
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("alert")).toContainText("Must not be known from data breaches of other sites.");
  watch.allow(/POST \/auth\/register → 422/);

  await page.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await expect(page.getByText("There are no devices yet.")).toBeVisible();
});

test("an existing address is reported", async ({ page, ada, watch }) => {
  watch.allow(/POST \/auth\/register → 400/);
  await page.goto("/");
  await page.getByRole("button", { name: "No account yet? Create one" }).click();
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByLabel("Password", { exact: true }).fill("nanosecond wires by the foot");
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("alert")).toContainText("An account with this e-mail address already exists.");
});

test("a wrong password is refused, the right one signs in, and signing out ends the session @phone", async ({ page, ada, watch }) => {
  watch.allow(/POST \/auth\/login → 401/);
  await page.goto("/");
  await fillIn(page, { ...ada, password: "incorrect horse" });
  await expect(page.getByRole("alert")).toContainText("E-mail or password is wrong.");

  await signIn(page, ada);
  await page.getByRole("button", { name: "Account and settings" }).click();
  await expect(page.getByText(ada.email)).toBeVisible();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("signing out everywhere ends the session in another browser", async ({ page, ada, elsewhere, watch }) => {
  await signIn(page, ada);
  const other = await elsewhere();
  await signIn(other, ada);
  watch.allow(/POST \/(live\/ticket|auth\/refresh) → 401/);

  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog", { name: "Sign out everywhere" }).getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  // Without any action in the other browser.
  await expect(other.getByText("Your session has ended: it expired or was ended elsewhere.")).toBeVisible();
});

test("a reload keeps the session, and no script can read a token", async ({ page, context, ada }) => {
  const authorizations = new Set<string>();
  page.on("request", (request) => authorizations.add(request.headers().authorization ?? ""));
  await signIn(page, ada);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();

  const tokens = [...authorizations].filter((header) => header !== "").map((header) => header.replace("Bearer ", ""));
  const cookies = await context.cookies();
  expect(tokens.length).toBeGreaterThan(1);
  const hidden = { httpOnly: true, sameSite: "Strict", path: "/auth" };
  expect(cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path }))).toEqual([hidden, hidden]); // the session cookie and the browser cookie
  const reachableState = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + location.href + JSON.stringify(history.state));
  for (const secret of [...tokens, ...cookies.map((cookie) => cookie.value), ada.password]) expect(reachableState).not.toContain(secret);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["breakwater.signed-in-as"]);
  expect(await page.evaluate(async () => (await indexedDB.databases()).length + (await caches.keys()).length)).toBe(0);
});

test("signing out in one tab signs out the others", async ({ page, context, ada, watch }) => {
  await signIn(page, ada);
  const other = await context.newPage();
  await other.goto("/");
  await expect(other.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  watch.allow(/POST \/(live\/ticket|auth\/refresh) → 401/);
  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(other.getByText("You are signed out.")).toBeVisible();
});

import { type Browser, type Locator, type Page, test as base, expect } from "@playwright/test";

import { type Account, Api, firstAdmin } from "./api";
import { Server, type Settings } from "./server";
import { PageWatch } from "./watch";

type Options = {
  /** Settings of the server, in addition to the common ones. */
  settings: Settings;
};

type Fixtures = {
  /** A new server for each test. */
  server: Server;
  api: Api;
  admin: Api;
  /** A registered user. */
  ada: Account;
  watch: PageWatch;
  /** Opens another browser that shares nothing with the first. */
  elsewhere: () => Promise<Page>;
};

export const test = base.extend<Options & Fixtures>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use) => {
    const server = new Server(settings);
    await server.start();
    await use(server);
    await server.remove();
  },
  baseURL: async ({ server }, use) => use(server.url),
  api: async ({ server }, use) => use(new Api(server)),
  admin: async ({ api }, use) => use(await api.signIn(firstAdmin)),
  ada: async ({ api }, use) => {
    const ada = { email: "ada@example.com", password: "correct horse battery staple" };
    await api.register(ada);
    await use(ada);
  },
  watch: [
    async ({ server, context }, use) => {
      const watch = new PageWatch(server);
      watch.attach(context);
      await use(watch);
      expect(watch.unexpected(), "violations by the page").toEqual([]);
    },
    { auto: true },
  ],
  elsewhere: async ({ browser, baseURL, watch }: { browser: Browser; baseURL: string | undefined; watch: PageWatch }, use) => {
    const opened: Awaited<ReturnType<Browser["newContext"]>>[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
      opened.push(context);
      watch.attach(context);
      return context.newPage();
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

export { expect };

/** Signs in with the form and waits until the page is live. */
export async function signIn(page: Page, { email, password }: Account, path = "/"): Promise<void> {
  await page.goto(path);
  await fillIn(page, { email, password });
  await expect(page.getByRole("button", { name: "Account and settings" })).toBeVisible();
  await expect(liveState(page)).toHaveText("Live");
}

export async function fillIn(page: Page, { email, password }: Account): Promise<void> {
  const address = page.getByLabel("E-mail");
  await expect(address).toBeVisible();
  // After a session ended, the address is fixed.
  if (await address.isEditable()) await address.fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Returns the bounding box once there is one: an element that renders again has none for a moment. */
export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let box: Awaited<ReturnType<Locator["boundingBox"]>> = null;
  await expect(async () => {
    box = await locator.boundingBox();
    expect(box).not.toBeNull();
  }).toPass();
  return box ?? { x: 0, y: 0, width: 0, height: 0 };
}

export const liveState = (page: Page) => page.locator(".live-state");
/** A notification, which is shown for a few seconds. */
export const toast = (page: Page, text: string | RegExp) => page.getByRole("status", { name: "Notifications" }).getByText(text);
export const row = (page: Page, name: string | RegExp) => page.getByRole("row", { name });

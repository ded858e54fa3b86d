import { gzipSync } from "node:zlib";

import { expect, signIn, test } from "../support/test";

const maxBytes = 250_000;
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

test("the first load is small, and the page is usable soon", async ({ page, api, ada, server }, { project }) => {
  test.skip(project.name !== "light", "once is enough");
  const adaApi = await api.signIn(ada);
  for (let n = 0; n < 20; ++n) await adaApi.device(`Device ${n}`);

  // Bytes on the wire including headers, as Chromium counts them.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const received = new Map<string, { url: string; bytes: number }>();
  devtools.on("Network.responseReceived", ({ requestId, response }) => received.set(requestId, { url: new URL(response.url).pathname, bytes: 0 }));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const entry = received.get(requestId);
    if (entry !== undefined) entry.bytes = encodedDataLength;
  });
  await page.goto("/");
  await expect(page.getByLabel("E-mail")).toBeEditable();
  await page.waitForLoadState("networkidle");
  const files = [...received.values()];
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`first load: ${kilobytes(total)} compressed, at most ${kilobytes(maxBytes)}: ${files.map((file) => `${file.url} ${kilobytes(file.bytes)}`).join(", ")}`);
  expect(files.map((file) => file.url)).toEqual(expect.arrayContaining(["/", "/app/app.js", "/app/app.css"]));
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(maxBytes);
  // The server compresses nearly as well as gzip level 9.
  const script = await (await fetch(`${server.url}/app/app.js`, { headers: { "Accept-Encoding": "identity" } })).arrayBuffer();
  expect(files.find((file) => file.url === "/app/app.js")?.bytes).toBeLessThan(gzipSync(new Uint8Array(script), { level: 9 }).length * 1.1);

  // Times measured in the page, with and without a browser cache.
  const timeUntilVisible = (selector: string) =>
    page.evaluate(
      (target) =>
        new Promise<number>((done) => {
          const check = () => (document.querySelector(target) === null ? requestAnimationFrame(check) : done(performance.now()));
          check();
        }),
      selector,
    );
  const reloadTime = async (selector: string) => {
    await page.reload({ waitUntil: "commit" });
    return Math.round(await timeUntilVisible(selector));
  };
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  console.log(`from navigation to a sign-in field: ${await reloadTime("input[type=email]")} ms with nothing in the cache`);
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: false });
  console.log(`from navigation to a sign-in field: ${await reloadTime("input[type=email]")} ms with the files in the cache`);
  await signIn(page, ada);
  const row = '[role="rowheader"] a';
  await expect(page.locator(row).first()).toBeVisible();
  console.log(`from navigation to the first device, signed in: ${await reloadTime(row)} ms with the files in the cache`);
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  console.log(`from navigation to the first device, signed in: ${await reloadTime(row)} ms with nothing in the cache`);
});

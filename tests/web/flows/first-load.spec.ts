import { gzipSync } from "node:zlib";

import { expect, signIn, test } from "../support/test";

const most = 250_000;
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

test("the first load is small, and it is soon there to be used", async ({ page, api, ada, server }, { project }) => {
  test.skip(project.name !== "light", "once is enough");
  const hers = await api.signIn(ada);
  for (let n = 0; n < 20; ++n) await hers.device(`Device ${n}`);

  // As it goes over the wire, headers too, as Chromium counts it.
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  const received = new Map<string, { url: string; bytes: number }>();
  wire.on("Network.responseReceived", ({ requestId, response }) => received.set(requestId, { url: new URL(response.url).pathname, bytes: 0 }));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const known = received.get(requestId);
    if (known !== undefined) known.bytes = encodedDataLength;
  });
  await page.goto("/");
  await expect(page.getByLabel("E-mail")).toBeEditable();
  await page.waitForLoadState("networkidle");
  const files = [...received.values()];
  const total = files.reduce((sum, each) => sum + each.bytes, 0);
  console.log(`first load: ${kilobytes(total)} compressed, at most ${kilobytes(most)}: ${files.map((each) => `${each.url} ${kilobytes(each.bytes)}`).join(", ")}`);
  expect(files.map((each) => each.url)).toEqual(expect.arrayContaining(["/", "/app/app.js", "/app/app.css"]));
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(most);
  // What the server sends is compressed, and about as well as can be.
  const script = await (await fetch(`${server.url}/app/app.js`, { headers: { "Accept-Encoding": "identity" } })).arrayBuffer();
  expect(files.find((each) => each.url === "/app/app.js")?.bytes).toBeLessThan(gzipSync(new Uint8Array(script), { level: 9 }).length * 1.1);

  // Times as the page itself has them, of a browser that has the files and of one that hasn't.
  const usable = (selector: string) =>
    page.evaluate(
      (wanted) =>
        new Promise<number>((there) => {
          const look = () => (document.querySelector(wanted) === null ? requestAnimationFrame(look) : there(performance.now()));
          look();
        }),
      selector,
    );
  const timed = async (selector: string) => {
    await page.reload({ waitUntil: "commit" });
    return Math.round(await usable(selector));
  };
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  console.log(`from navigation to a sign-in field: ${await timed("input[type=email]")} ms with nothing in the cache`);
  await wire.send("Network.setCacheDisabled", { cacheDisabled: false });
  console.log(`from navigation to a sign-in field: ${await timed("input[type=email]")} ms with the files in the cache`);
  await signIn(page, ada);
  const row = '[role="rowheader"] a';
  await expect(page.locator(row).first()).toBeVisible();
  console.log(`from navigation to the first device, signed in: ${await timed(row)} ms with the files in the cache`);
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  console.log(`from navigation to the first device, signed in: ${await timed(row)} ms with nothing in the cache`);
});

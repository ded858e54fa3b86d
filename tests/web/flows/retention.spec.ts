import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

const clock = join(mkdtempSync(join(tmpdir(), "breakwater-clock-")), "shift");
/** From the server's next start on it is wrong by that many seconds. */
const setClock = (seconds: number) => {
  const shift = Buffer.alloc(8);
  shift.writeBigInt64LE(BigInt(seconds));
  writeFileSync(clock, shift);
};
setClock(-2 * 86_400);

test.use({ settings: { LD_PRELOAD: resolve(dirname(process.env.BREAKWATER_BINARY ?? "../../build/release/bin/breakwater"), "libwall_shift.so"), WALL_SHIFT_FILE: clock } });

test("an administrator confirms the server's clock after it jumped @phone", async ({ page, server }) => {
  await server.stop();
  setClock(0);
  await server.start();
  await signIn(page, firstAdmin, "/#/security");
  const said = page.getByRole("alert").filter({ hasText: "Nothing is removed for its age" });
  await expect(said).toContainText("The server’s clock jumped, or the server was stopped");
  await said.getByRole("button", { name: "The clock is right" }).click();
  const form = page.getByRole("dialog", { name: "Is the server’s clock right?" });
  await expect(form).toContainText("removed for good");
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();
  await said.getByRole("button", { name: "The clock is right" }).click();
  await form.getByRole("button", { name: "The clock is right" }).click();
  await expect(toast(page, "The clock is confirmed.")).toBeVisible();
  await expect(said).toBeHidden();
  await expect(page.getByRole("grid", { name: "Security log" }).getByRole("row").filter({ hasText: "Clock confirmed" })).toBeVisible();
});

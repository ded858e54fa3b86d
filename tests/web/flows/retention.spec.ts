import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

const shiftFile = join(mkdtempSync(join(tmpdir(), "breakwater-clock-")), "shift");
/** Shifts the server's clock by this many seconds from its next start. */
const setClock = (seconds: number) => {
  const shift = Buffer.alloc(8);
  shift.writeBigInt64LE(BigInt(seconds));
  writeFileSync(shiftFile, shift);
};
setClock(-2 * 86_400);

test.use({ settings: { LD_PRELOAD: resolve(dirname(process.env.BREAKWATER_BINARY ?? "../../build/release/bin/breakwater"), "libwall_shift.so"), WALL_SHIFT_FILE: shiftFile } });

test("an administrator confirms the server's clock after it jumped @phone", async ({ page, server }) => {
  await server.stop();
  setClock(0);
  await server.start();
  await signIn(page, firstAdmin, "/#/security");
  const notice = page.getByRole("alert").filter({ hasText: "Removal of old data is on hold" });
  await expect(notice).toContainText("The server’s clock jumped, or the server was stopped");
  await notice.getByRole("button", { name: "The clock is right" }).click();
  const form = page.getByRole("dialog", { name: "Is the server’s clock right?" });
  await expect(form).toContainText("permanently removes");
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();
  await notice.getByRole("button", { name: "The clock is right" }).click();
  await form.getByRole("button", { name: "The clock is right" }).click();
  await expect(toast(page, "The clock is confirmed.")).toBeVisible();
  await expect(notice).toBeHidden();
  await expect(page.getByRole("grid", { name: "Security log" }).getByRole("row").filter({ hasText: "Clock confirmed" })).toBeVisible();
});

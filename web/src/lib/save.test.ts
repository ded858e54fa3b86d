import { expect, it } from "vitest";

import { fileName } from "./save";

it("builds a file name from the device and the time range", () => {
  const since = Date.parse("2026-01-15T12:00:00Z");
  expect(fileName("Łódź / roof: 1", since, since + 3_600_000)).toMatch(/^[\w-]+_20260115T1200Z-20260115T1300Z\.csv$/);
  expect(fileName("../..", since, since)).toBe("device_20260115T1200Z-20260115T1200Z.csv");
});

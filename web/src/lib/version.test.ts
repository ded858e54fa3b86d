import { expect, it } from "vitest";

import { ApiError } from "./api";
import { Outdated, buildOf, loaded } from "./version";

const answer = (status: number, etag?: string) => () => Promise.resolve(new Response(null, { status, headers: etag === undefined ? {} : { ETag: etag } }));

it("tells a server that is gone from one that has another version", async () => {
  const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  expect(await loaded(() => Promise.resolve(7), gone)).toBe(7);
  await expect(loaded(gone, () => Promise.resolve("new"))).rejects.toBeInstanceOf(Outdated);
  await expect(loaded(gone, () => buildOf(gone))).rejects.toMatchObject({ status: 0 });
  await expect(loaded(gone, () => buildOf(gone))).rejects.toBeInstanceOf(ApiError);
});

it("knows a build by the tag of its script", async () => {
  expect([await buildOf(answer(200, 'W/"a"')), await buildOf(answer(404, 'W/"a"')), await buildOf(answer(200))]).toEqual(['W/"a"', null, null]);
});

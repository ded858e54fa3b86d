import { expect, it } from "vitest";

import { ApiError } from "./api";
import { Outdated, serverBuild, loadPart } from "./version";

const answer = (status: number, etag?: string) => () => Promise.resolve(new Response(null, { status, headers: etag === undefined ? {} : { ETag: etag } }));

it("distinguishes an unreachable server from one with another version", async () => {
  const unreachable = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  expect(await loadPart(() => Promise.resolve(7), unreachable)).toBe(7);
  await expect(loadPart(unreachable, () => Promise.resolve("new"))).rejects.toBeInstanceOf(Outdated);
  await expect(loadPart(unreachable, () => serverBuild(unreachable))).rejects.toMatchObject({ status: 0 });
  await expect(loadPart(unreachable, () => serverBuild(unreachable))).rejects.toBeInstanceOf(ApiError);
});

it("identifies a build by the ETag of its script", async () => {
  expect([await serverBuild(answer(200, 'W/"a"')), await serverBuild(answer(404, 'W/"a"')), await serverBuild(answer(200))]).toEqual(['W/"a"', null, null]);
});

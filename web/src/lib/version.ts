import { ApiError } from "./api";
import { addressOf } from "./base";

/** What of this page was to be loaded isn't there any more: the server has got another version of it. */
export class Outdated extends Error {}

/** The server's build of this page; fails with ApiError where the server can't be reached. Null where it has no such thing. */
export async function buildOf(fetched: typeof fetch = fetch): Promise<string | null> {
  const answer = await fetched(addressOf("/app/app.js"), { method: "HEAD", cache: "no-store" }).catch(() => {
    throw new ApiError(0, "The server can't be reached.");
  });
  return answer.ok ? answer.headers.get("ETag") : null;
}

/** Loads a part of the page. Fails with Outdated where the server is there and the part isn't, else with ApiError. */
export async function loaded<T>(load: () => Promise<T>, build: () => Promise<string | null> = buildOf): Promise<T> {
  try {
    return await load();
  } catch {
    await build();
    throw new Outdated("This part of the page isn't there any more.");
  }
}

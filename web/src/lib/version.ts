import { ApiError } from "./api";
import { addressOf } from "./base";

/** A part of the page can't be loaded because the server has another version. */
export class Outdated extends Error {}

/** Identifies the server's build of this page; null if it has none. Throws ApiError if the server can't be reached. */
export async function serverBuild(fetcher: typeof fetch = fetch): Promise<string | null> {
  const answer = await fetcher(addressOf("/app/app.js"), { method: "HEAD", cache: "no-store" }).catch(() => {
    throw new ApiError(0, "The server can't be reached.");
  });
  return answer.ok ? answer.headers.get("ETag") : null;
}

/** Loads a part of the page. If that fails, throws Outdated if the server is reachable, otherwise ApiError. */
export async function loadPart<T>(load: () => Promise<T>, build: () => Promise<string | null> = serverBuild): Promise<T> {
  try {
    return await load();
  } catch {
    await build();
    throw new Outdated("The server no longer has this part of the page.");
  }
}

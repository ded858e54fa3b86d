import type { components } from "./openapi";

export type Problem = { status: number; detail: string; retryAfter: number | undefined };
export type TokenPair = components["schemas"]["TokenPair"];
export type LatestDevice = components["schemas"]["DeviceLatest"];
export type Category = components["schemas"]["Category"];

/** What a call failed with, as a sentence for people. */
export class ApiError extends Error implements Problem {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly retryAfter: number | undefined,
  ) {
    super(detail);
  }
}

const offline = "The server can't be reached. Is it running, and are you online?";

async function problemOf(answer: Response): Promise<ApiError> {
  const told: unknown = await answer.json().catch(() => undefined);
  const detail =
    typeof told === "object" && told !== null && "detail" in told && typeof told.detail === "string"
      ? told.detail
      : `The server answered ${answer.status}.`;
  const wait = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(answer.status, detail, Number.isFinite(wait) ? wait : undefined);
}

/** Calls the API, and reads the JSON of its answer. Fails with ApiError; status 0 where nothing was answered. */
export async function call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: "omit",
    cache: "no-store",
  }).catch(() => {
    throw new ApiError(0, offline, undefined);
  });
  if (!answer.ok) throw await problemOf(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

import { addressOf } from "./base";
import type { components } from "./openapi";

export type Schemas = components["schemas"];
export type TokenPair = Schemas["TokenPair"];
export type LatestDevice = Schemas["DeviceLatest"];
export type Category = Schemas["Category"];

export type FieldError = { loc: string; msg: string };

/** What a call failed with. `detail` is the server's sentence, in English; status 0 means that nothing was answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly retryAfter?: number,
    /** With 422: which fields don't fit, as `body.name`. */
    readonly fields: readonly FieldError[] = [],
    readonly requestId?: string,
  ) {
    super(detail);
  }
}

export type Ask = {
  token?: string | undefined;
  body?: unknown;
  /** The refresh token comes and goes in a cookie that no script can read; the header says that this is our page. */
  cookie?: boolean;
  signal?: AbortSignal | undefined;
  /** How long the beginning of an answer may take, in milliseconds. */
  within?: number;
};

async function problemOf(answer: Response): Promise<ApiError> {
  const told = ((await answer.json().catch(() => null)) ?? {}) as Partial<Schemas["Problem"]>;
  const wait = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(
    answer.status,
    told.detail ?? `The server answered ${answer.status}.`,
    Number.isFinite(wait) ? wait : undefined,
    told.errors ?? [],
    answer.headers.get("X-Request-Id") ?? undefined,
  );
}

/** An answer has to begin within these milliseconds: a network that swallows everything ends no call. */
const longestWait = 60_000;

/** Ends when one of them does, or at that time. `stop` keeps the time from ending it. */
function limited(signal: AbortSignal | undefined, milliseconds: number): { signal: AbortSignal; stop: () => void } {
  const both = new AbortController();
  const timer = setTimeout(() => both.abort(), milliseconds);
  if (signal?.aborted) both.abort();
  signal?.addEventListener("abort", () => both.abort(), { once: true });
  return { signal: both.signal, stop: () => clearTimeout(timer) };
}

/** Asks the API. Fails with ApiError where the answer isn't a 2xx, or doesn't come. */
export async function request(method: string, path: string, { token, body, cookie = false, signal, within = longestWait }: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = cookie ? { "X-Session-Cookie": "1" } : {};
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const patience = limited(signal, within);
  const answer = await fetch(addressOf(path), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: patience.signal,
    credentials: cookie ? "same-origin" : "omit",
    cache: "no-store",
  }).catch((failure: unknown) => {
    if (signal?.aborted) throw failure;
    throw new ApiError(0, "The server can't be reached.");
  }).finally(patience.stop);
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

export async function jsonOf<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** A page of a list, and what to send as `cursor` for the next; undefined at the end. */
export type Page<T> = { items: T[]; next: string | undefined };

/** `?a=1&b=2` of what is set; nothing where nothing is. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

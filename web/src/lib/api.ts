import { addressOf } from "./base";
import type { components } from "./openapi";

export type Schemas = components["schemas"];
export type TokenPair = Schemas["TokenPair"];
export type LatestDevice = Schemas["DeviceLatest"];
export type Category = Schemas["Category"];

export type FieldError = { loc: string; msg: string };

/** A failed request. `detail` is the server's message in English. Status 0: no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly retryAfter?: number,
    /** For 422: the invalid fields, such as `body.name`. */
    readonly fields: readonly FieldError[] = [],
    readonly requestId?: string,
  ) {
    super(detail);
  }
}

export type RequestOptions = {
  token?: string | undefined;
  body?: unknown;
  /** Sends and accepts the refresh token as an HttpOnly cookie. The header proves that the request is from this page. */
  cookie?: boolean;
  signal?: AbortSignal | undefined;
  /** Time limit until the response begins, in milliseconds. */
  timeout?: number;
};

async function problemOf(answer: Response): Promise<ApiError> {
  const problem = ((await answer.json().catch(() => null)) ?? {}) as Partial<Schemas["Problem"]>;
  const wait = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(
    answer.status,
    problem.detail ?? `The server answered ${answer.status}.`,
    Number.isFinite(wait) ? wait : undefined,
    problem.errors ?? [],
    answer.headers.get("X-Request-Id") ?? undefined,
  );
}

/** Default time limit until a response begins, in milliseconds. A network that drops packets would never end a request. */
const defaultTimeout = 60_000;

/** A signal that aborts with `signal` or after the time limit. `stop` cancels the time limit. */
function withTimeout(signal: AbortSignal | undefined, milliseconds: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  if (signal?.aborted) controller.abort();
  signal?.addEventListener("abort", () => controller.abort(), { once: true });
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** Sends a request to the API. Throws ApiError if the response isn't 2xx or doesn't arrive. */
export async function request(method: string, path: string, { token, body, cookie = false, signal, timeout = defaultTimeout }: RequestOptions = {}): Promise<Response> {
  const headers: Record<string, string> = cookie ? { "X-Session-Cookie": "1" } : {};
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const timed = withTimeout(signal, timeout);
  const answer = await fetch(addressOf(path), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: timed.signal,
    credentials: cookie ? "same-origin" : "omit",
    cache: "no-store",
  }).catch((failure: unknown) => {
    if (signal?.aborted) throw failure;
    throw new ApiError(0, "The server can't be reached.");
  }).finally(timed.stop);
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

export async function jsonOf<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** A page of a list, and the `cursor` of the next page; undefined at the end. */
export type Page<T> = { items: T[]; next: string | undefined };

/** Returns `?a=1&b=2` with the parameters that are set, or "" if none is. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

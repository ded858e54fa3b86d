import { ApiError, type RequestOptions, type Page, type TokenPair, jsonOf, request } from "./api";
import { ownName } from "./base";

/** The account by the access token's claims. Use it for display only, never for authorization. */
export type Person = { id: string; email: string; admin: boolean };

/**
 * Why a session ended. "signed out": in this or another tab. "ended": by the server; signing in again continues it. "replaced": another
 * account signed in in this browser.
 */
export type Ending = "signed out" | "ended" | "replaced";

/** The localStorage key of the last e-mail address. Not a secret. Its presence means that a cookie may exist. */
export const rememberedEmailKey = ownName("breakwater.signed-in-as");

/** Runs `work` in one tab at a time: tabs share the cookie, and using a refresh token twice ends the session. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Missing on pages served over plain HTTP from another machine.
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined ? work() : ((await locks.request(ownName("breakwater.refresh"), work)));
}

const post = async <T>(path: string, options: RequestOptions) => jsonOf<T>(await request("POST", path, options));
/** Short, because all requests wait for the refresh. Milliseconds. */
const refreshTimeout = 15_000;
const refresh = () => exclusively(() => post<TokenPair>("/auth/refresh", { body: {}, cookie: true, timeout: refreshTimeout }));

/** Reads the account from a token (RFC 7519: the second part holds the claims, base64url). Only the server checks the signature. */
export function personOf(token: string, email: string): Person {
  const part = token.split(".")[1] ?? "";
  const claims = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string; role: string };
  return { id: claims.sub, email, admin: claims.role === "admin" };
}

/**
 * The session of the signed-in account. The access token is kept in memory only; the refresh token is in a cookie that no script can
 * read.
 */
export class Session {
  private renewing: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private notifyEnded: (why: Ending) => void = () => undefined;
  private notifyRenewed: (token: string) => void = () => undefined;
  /** Set once the session has ended. */
  private endReason: Ending | undefined;
  private token = "";
  readonly person: Person;

  private constructor(email: string, pair: TokenPair) {
    this.person = personOf(pair.access_token, email);
    this.setTokens(pair);
  }

  static async signIn(email: string, password: string): Promise<Session> {
    const pair = await post<TokenPair>("/auth/login", { body: { email, password }, cookie: true });
    localStorage.setItem(rememberedEmailKey, email);
    return new Session(email, pair);
  }

  /** `invitation`: the token of an invitation link, if registration requires one. */
  static async register(email: string, password: string, invitation?: string): Promise<Session> {
    await post("/auth/register", { body: { email, password, ...(invitation === undefined ? {} : { invitation }) } });
    return Session.signIn(email, password);
  }

  /** Resumes the session after a reload; undefined if there is none. */
  static async resume(): Promise<Session | undefined> {
    const email = localStorage.getItem(rememberedEmailKey);
    if (email === null) return undefined;
    try {
      return new Session(email, await refresh());
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
      localStorage.removeItem(rememberedEmailKey);
      return undefined;
    }
  }

  /** Sets the listener that is called when the session ends. */
  onEnded(listener: (why: Ending) => void): void {
    this.notifyEnded = listener;
  }

  /** Sets the listener that receives each new access token, for long-lived connections. */
  onRenewed(listener: (token: string) => void): void {
    this.notifyRenewed = listener;
  }

  /** Sends an authenticated request and returns the JSON of the response. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return jsonOf<T>(await this.request(method, path, body, signal));
  }

  /** Fetches one page of a list. */
  async page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
    const answer = await this.request("GET", path, undefined, signal);
    return { items: await jsonOf<T[]>(answer), next: answer.headers.get("X-Next-Cursor") ?? undefined };
  }

  /** Sends an authenticated request. An expired access token is renewed once, however many requests notice it. */
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    return this.withToken((token) => request(method, path, { token, body, signal }));
  }

  /** Throws if the server can't be reached and then stays signed in, because the cookie would remain valid. */
  async signOut(): Promise<void> {
    await this.withToken((token) => request("POST", "/auth/logout", { token, body: {}, cookie: true })).catch((failure: unknown) => {
      if (!(failure instanceof ApiError) || (failure.status !== 400 && failure.status !== 401)) throw failure; // 400 and 401: the session has already ended
    });
    this.end("signed out");
  }

  /** Ends the account's sessions in every browser. */
  async signOutEverywhere(): Promise<void> {
    await this.withToken((token) => request("POST", "/auth/logout-all", { token, body: {}, cookie: true }));
    this.end("signed out");
  }

  /** Discards the token and notifies the listener. A session "ended" by the server can be continued, or end for good later. */
  end(reason: Ending): void {
    if (this.endReason !== undefined && (this.endReason !== "ended" || reason === "ended")) return;
    this.endReason = reason;
    this.token = "";
    clearTimeout(this.timer);
    if (reason === "signed out") localStorage.removeItem(rememberedEmailKey);
    this.notifyEnded(reason);
  }

  /** Signs in again after "ended". Returns this session if account and role are unchanged, otherwise a new one. */
  async signInAgain(password: string): Promise<Session> {
    const { id, admin, email } = this.person;
    const pair = await post<TokenPair>("/auth/login", { body: { email, password }, cookie: true });
    localStorage.setItem(rememberedEmailKey, email);
    const person = personOf(pair.access_token, email);
    if (person.id !== id || person.admin !== admin) return new Session(email, pair);
    this.endReason = undefined;
    this.setTokens(pair);
    return this;
  }

  private async withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
    if (this.endReason !== undefined) throw new ApiError(401, "The session has ended. Sign in again.");
    const usedToken = this.token;
    try {
      return await work(usedToken);
    } catch (failure) {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have ended during the call
      if (this.endReason !== undefined || !(failure instanceof ApiError) || failure.status !== 401) throw failure;
      if (usedToken === this.token) await this.renew();
      return work(this.token);
    }
  }

  private setTokens(pair: TokenPair): void {
    this.token = pair.access_token;
    this.notifyRenewed(pair.access_token);
    clearTimeout(this.timer);
    // Renew early, so that the live connection isn't closed. If this fails, the next request notices it.
    this.timer = setTimeout(() => void this.renew().catch(() => undefined), pair.expires_in_minutes * 60_000 * 0.8);
  }

  private renew(): Promise<void> {
    this.renewing ??= refresh()
      .then((pair) => {
        if (this.endReason !== undefined) return;
        // All tabs share the cookie: another account may have signed in in another tab.
        if (personOf(pair.access_token, "").id !== this.person.id) {
          this.end("replaced");
          throw new ApiError(401, "Somebody else signed in with this browser.");
        }
        this.setTokens(pair);
      })
      .catch((failure: unknown) => {
        if (failure instanceof ApiError && failure.status === 401) this.end("ended");
        throw failure;
      })
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }
}

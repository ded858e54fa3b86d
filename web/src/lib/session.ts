import { ApiError, type Ask, type Page, type TokenPair, jsonOf, request } from "./api";
import { ownName } from "./base";

/** As the access token says it: what to show is decided by it, what is allowed never is. */
export type Person = { id: string; email: string; admin: boolean };

/**
 * Why a sign-in is over: they signed out, here or in another tab; the server ended it, and who signs in again goes on; somebody else
 * signed in here.
 */
export type Ending = "signed out" | "ended" | "replaced";

/** Who signed in on this browser last: no secret, and all that tells a reload that a cookie may be there. */
export const remembered = ownName("breakwater.signed-in-as");

/** One at a time in all tabs: they share the cookie, and a refresh token that is used twice ends the sign-in. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  // Not there on pages that came by plain HTTP from another machine.
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined ? work() : ((await locks.request(ownName("breakwater.refresh"), work)) as T);
}

const post = async <T>(path: string, ask: Ask) => jsonOf<T>(await request("POST", path, ask));
/** Everything waits for it, so it is given up soon. */
const refreshWithin = 15_000;
const refresh = () => alone(() => post<TokenPair>("/auth/refresh", { body: {}, cookie: true, within: refreshWithin }));

/** Whose token it is (RFC 7519: the claims are the second part, base64url). The signature is the server's to check. */
export function personOf(token: string, email: string): Person {
  const part = token.split(".")[1] ?? "";
  const claims = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string; role: string };
  return { id: claims.sub, email, admin: claims.role === "admin" };
}

/**
 * Who is signed in. The access token lives here, in memory, and nowhere else; the refresh token in a cookie that no script
 * can read.
 */
export class Session {
  private renewing: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tellEnded: (why: Ending) => void = () => undefined;
  private tellRenewed: (token: string) => void = () => undefined;
  /** Why, where it is over. */
  private over: Ending | undefined;
  private token = "";
  readonly person: Person;

  private constructor(email: string, pair: TokenPair) {
    this.person = personOf(pair.access_token, email);
    this.take(pair);
  }

  static async signIn(email: string, password: string): Promise<Session> {
    const pair = await post<TokenPair>("/auth/login", { body: { email, password }, cookie: true });
    localStorage.setItem(remembered, email);
    return new Session(email, pair);
  }

  /** `invitation` is the token of a link, where registration wants one. */
  static async register(email: string, password: string, invitation?: string): Promise<Session> {
    await post("/auth/register", { body: { email, password, ...(invitation === undefined ? {} : { invitation }) } });
    return Session.signIn(email, password);
  }

  /** Goes on with the sign-in from before a reload; undefined where there is none. */
  static async resume(): Promise<Session | undefined> {
    const email = localStorage.getItem(remembered);
    if (email === null) return undefined;
    try {
      return new Session(email, await refresh());
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
      localStorage.removeItem(remembered);
      return undefined;
    }
  }

  /** Who is told, once, when this sign-in is over. */
  whenEnded(tell: (why: Ending) => void): void {
    this.tellEnded = tell;
  }

  /** Who is told each new access token, for a connection that outlives one. */
  whenRenewed(tell: (token: string) => void): void {
    this.tellRenewed = tell;
  }

  /** A call as this person, and the JSON of its answer. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return jsonOf<T>(await this.request(method, path, body, signal));
  }

  /** A page of a list that goes on with `cursor`. */
  async page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
    const answer = await this.request("GET", path, undefined, signal);
    return { items: await jsonOf<T[]>(answer), next: answer.headers.get("X-Next-Cursor") ?? undefined };
  }

  /** A call as this person. An access token that has expired is renewed once, whoever finds out first. */
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    return this.withToken((token) => request(method, path, { token, body, signal }));
  }

  /** Where the server can't be told, nobody is signed out: the cookie would outlive it. */
  async signOut(): Promise<void> {
    await this.withToken((token) => request("POST", "/auth/logout", { token, body: {}, cookie: true })).catch((failure: unknown) => {
      if (!(failure instanceof ApiError) || (failure.status !== 400 && failure.status !== 401)) throw failure; // those: it is over already
    });
    this.end("signed out");
  }

  /** On every device and in every browser. */
  async signOutEverywhere(): Promise<void> {
    await this.withToken((token) => request("POST", "/auth/logout-all", { token, body: {}, cookie: true }));
    this.end("signed out");
  }

  /** Tells that it is over, and forgets the token. What the server ended can be gone on with, or end for good. */
  end(why: Ending): void {
    if (this.over !== undefined && (this.over !== "ended" || why === "ended")) return;
    this.over = why;
    this.token = "";
    clearTimeout(this.timer);
    if (why === "signed out") localStorage.removeItem(remembered);
    this.tellEnded(why);
  }

  /** After the server ended it: this session, where they are still who they were and may do what they might; else another. */
  async signInAgain(password: string): Promise<Session> {
    const { id, admin, email } = this.person;
    const pair = await post<TokenPair>("/auth/login", { body: { email, password }, cookie: true });
    localStorage.setItem(remembered, email);
    const now = personOf(pair.access_token, email);
    if (now.id !== id || now.admin !== admin) return new Session(email, pair);
    this.over = undefined;
    this.take(pair);
    return this;
  }

  private async withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
    if (this.over !== undefined) throw new ApiError(401, "The sign-in has ended.");
    const used = this.token;
    try {
      return await work(used);
    } catch (failure) {
      if (this.over !== undefined || !(failure instanceof ApiError) || failure.status !== 401) throw failure;
      if (used === this.token) await this.renew();
      return work(this.token);
    }
  }

  private take(pair: TokenPair): void {
    this.token = pair.access_token;
    this.tellRenewed(pair.access_token);
    clearTimeout(this.timer);
    // Before it expires, so that a live connection isn't cut for it. What fails here is found out by the next call.
    this.timer = setTimeout(() => void this.renew().catch(() => undefined), pair.expires_in_minutes * 60_000 * 0.8);
  }

  private renew(): Promise<void> {
    this.renewing ??= refresh()
      .then((pair) => {
        if (this.over !== undefined) return;
        // The cookie is the browser's: in another tab somebody else may have signed in since.
        if (personOf(pair.access_token, "").id !== this.person.id) {
          this.end("replaced");
          throw new ApiError(401, "Somebody else signed in in this browser.");
        }
        this.take(pair);
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

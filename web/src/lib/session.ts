import { ApiError, call, type TokenPair } from "./api";

export type Person = { email: string };

/** Who is signed in. Tokens live here, in memory, and nowhere else: closing the page forgets them. */
export class Session {
  private renewing: Promise<void> | undefined;

  private constructor(
    readonly person: Person,
    private tokens: TokenPair,
    private readonly ended: () => void,
  ) {}

  static async signIn(email: string, password: string, ended: () => void): Promise<Session> {
    return new Session({ email }, await call<TokenPair>("POST", "/auth/login", undefined, { email, password }), ended);
  }

  /** A call as this person. An access token that has expired is renewed once, whoever finds out first. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const used = this.tokens;
    try {
      return await call<T>(method, path, used.access_token, body);
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
      if (used === this.tokens) await this.renew();
      return call<T>(method, path, this.tokens.access_token, body);
    }
  }

  async signOut(): Promise<void> {
    const token = this.tokens.refresh_token;
    try {
      await this.call("POST", "/auth/logout", { refresh_token: token });
    } finally {
      this.ended();
    }
  }

  private renew(): Promise<void> {
    this.renewing ??= call<TokenPair>("POST", "/auth/refresh", undefined, { refresh_token: this.tokens.refresh_token })
      .then((pair) => {
        this.tokens = pair;
      })
      .catch((failure: unknown) => {
        if (failure instanceof ApiError && failure.status === 401) this.ended();
        throw failure;
      })
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }
}

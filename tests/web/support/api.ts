import type { components } from "../../../web/src/lib/openapi";

export type Schemas = components["schemas"];
export type Account = { email: string; password: string };
export type Payload = Readonly<Record<string, unknown>>;

/** Whom a fresh local server begins with. */
export const firstAdmin: Account = { email: "admin@example.com", password: "Admin123!" };

/** What the browser isn't needed for: the server spoken to over HTTP. */
export class Api {
  constructor(
    private readonly server: { url: string },
    private readonly token?: string,
  ) {}

  /** Calls, and fails where the answer isn't a success. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: { "Content-Type": "application/json", ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${text}`);
    return (/json/.test(answer.headers.get("Content-Type") ?? "") ? JSON.parse(text) : text) as T;
  }

  async register(account: Account): Promise<Api> {
    await this.call("POST", "/auth/register", account);
    return this.signIn(account);
  }

  async signIn(account: Account): Promise<Api> {
    const { access_token } = await this.call<Schemas["TokenPair"]>("POST", "/auth/login", account);
    return new Api(this.server, access_token);
  }

  device(name: string, category = "weather_station"): Promise<Schemas["DeviceCredentials"]> {
    return this.call("POST", "/devices", { name, category });
  }

  /** The same server, as a device. */
  async as({ device_id, device_secret }: Schemas["DeviceCredentials"]): Promise<Api> {
    const { access_token } = await this.call<Schemas["DeviceToken"]>("POST", "/device/token", { device_id, device_secret });
    return new Api(this.server, access_token);
  }

  /** As a device: a reading of now. */
  say(payload: Payload): Promise<Schemas["Reading"]> {
    return this.call("POST", "/device/readings", { payload });
  }
}

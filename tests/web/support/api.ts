import type { components } from "../../../web/src/lib/openapi";

export type Schemas = components["schemas"];
export type Account = { email: string; password: string };
export type Payload = Readonly<Record<string, unknown>>;

/** The administrator of a new local server. */
export const firstAdmin: Account = { email: "admin@example.com", password: "Admin123!" };

/** A client of the server's HTTP API, for steps that need no browser. */
export class Api {
  constructor(
    private readonly server: { url: string },
    private readonly token?: string,
  ) {}

  /** Sends a request. Throws if the response isn't 2xx. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.server.url + path, {
      method,
      headers: { "Content-Type": "application/json", ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${text}`);
    return (/json/.test(response.headers.get("Content-Type") ?? "") ? JSON.parse(text) : text) as T;
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

  /** Signs a device in and returns its client. */
  async asDevice({ device_id, device_secret }: Schemas["DeviceCredentials"]): Promise<Api> {
    const { access_token } = await this.call<Schemas["DeviceToken"]>("POST", "/device/token", { device_id, device_secret });
    return new Api(this.server, access_token);
  }

  /** Sends a reading. REQUIRES: a device's client. */
  sendReading(payload: Payload): Promise<Schemas["Reading"]> {
    return this.call("POST", "/device/readings", { payload });
  }
}

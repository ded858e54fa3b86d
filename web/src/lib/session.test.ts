import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "./api";
import { type Ending, Session, personOf, rememberedEmailKey } from "./session";

const token = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.s`;
const pair = (name: string, sub = "7") => ({ access_token: token({ sub, role: "admin", name }), refresh_token: "", token_type: "bearer", expires_in_minutes: 15 });

/** The queued responses of the server, and the requests it received. */
let answers: ((path: string, init: RequestInit) => [number, unknown])[] = [];
let requests: { path: string; headers: Record<string, string>; credentials: string | undefined }[] = [];
const stored = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  requests = [];
  stored.clear();
  vi.stubGlobal("localStorage", { getItem: (name: string) => stored.get(name) ?? null, setItem: (name: string, value: string) => stored.set(name, value), removeItem: (name: string) => stored.delete(name) });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    requests.push({ path, headers: init.headers as Record<string, string>, credentials: init.credentials });
    const next = answers.shift();
    if (next === undefined) return Promise.reject(new TypeError("no network"));
    const [status, body] = next(path, init);
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function signedIn() {
  answers = [() => [200, pair("first")]];
  const session = await Session.signIn("ada@example.com", "secret");
  const endings: Ending[] = [];
  session.onEnded((reason) => endings.push(reason));
  requests = [];
  return { session, endings };
}

describe("a session", () => {
  it("times out requests, and aborts them on request", async () => {
    const { session } = await signedIn();
    const hang = (_: string, init: RequestInit) => new Promise((_done, fail) => init.signal?.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError"))));
    vi.stubGlobal("fetch", hang);
    const call = session.request("GET", "/devices").catch((failure: unknown) => failure);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await call).toMatchObject({ status: 0 });
    const stop = new AbortController();
    const abandoned = session.request("GET", "/devices", undefined, stop.signal).catch((failure: unknown) => failure);
    stop.abort();
    expect(await abandoned).toMatchObject({ name: "AbortError" });
  });

  it("reads the account from the token", () => {
    expect(personOf(token({ sub: "12", role: "user" }), "x@example.com")).toEqual({ id: "12", email: "x@example.com", admin: false });
  });

  it("stores only the e-mail address, and requests the cookie with a header", async () => {
    answers = [() => [200, pair("first")]];
    const session = await Session.signIn("ada@example.com", "secret");
    expect([...stored]).toEqual([[rememberedEmailKey, "ada@example.com"]]);
    expect(requests[0]).toMatchObject({ path: "/auth/login", headers: { "X-Session-Cookie": "1" }, credentials: "same-origin" });
    expect(session.person).toEqual({ id: "7", email: "ada@example.com", admin: true });
  });

  it("renews an expired token once for concurrent requests, and sends the cookie only then", async () => {
    const { session } = await signedIn();
    answers = [() => [401, {}], () => [401, {}], () => [200, pair("second")], (_, init) => [200, (init.headers as Record<string, string>).Authorization], () => [200, "also"]];
    const responses = await Promise.all([session.call<string>("GET", "/a"), session.call<string>("GET", "/b")]);
    expect(requests.map((request) => request.path)).toEqual(["/a", "/b", "/auth/refresh", "/a", "/b"]);
    expect(requests[0]?.credentials).toBe("omit");
    expect(responses[0]).toBe(`Bearer ${pair("second").access_token}`);
  });

  it("renews the token before it expires and notifies the listener", async () => {
    const { session } = await signedIn();
    const tokens: string[] = [];
    session.onRenewed((renewed) => tokens.push(renewed));
    answers = [() => [200, pair("second")]];
    await vi.advanceTimersByTimeAsync(15 * 60_000 * 0.8);
    expect(tokens).toEqual([pair("second").access_token]);
  });

  it("ends once if the server refuses the renewal", async () => {
    const { session, endings } = await signedIn();
    answers = [() => [401, {}], () => [401, {}]];
    await expect(session.call("GET", "/a")).rejects.toBeInstanceOf(ApiError);
    await expect(session.call("GET", "/a")).rejects.toBeInstanceOf(ApiError);
    expect([endings, stored.size]).toEqual([["ended"], 1]); // other tabs notice it themselves
    expect(requests.map((request) => request.path)).toEqual(["/a", "/auth/refresh"]); // no request is sent without a token
  });

  it("continues after signing in again with the same account and role", async () => {
    const { session, endings } = await signedIn();
    const tokens: string[] = [];
    session.onRenewed((renewed) => tokens.push(renewed));
    session.end("ended");
    await expect(session.call("GET", "/a")).rejects.toMatchObject({ status: 401 });
    await expect(session.signInAgain("wrong")).rejects.toMatchObject({ status: 0 });
    answers = [() => [200, pair("again")], () => [200, "fine"]];
    expect(await session.signInAgain("secret")).toBe(session);
    expect([await session.call("GET", "/a"), tokens]).toEqual(["fine", [pair("again").access_token]]);

    session.end("ended");
    answers = [() => [200, { ...pair("x"), access_token: token({ sub: "7", role: "user" }) }]];
    const demoted = await session.signInAgain("secret");
    expect([demoted === session, demoted.person.admin]).toEqual([false, false]);
    session.end("signed out");
    session.end("replaced");
    expect([endings, stored.size]).toEqual([["ended", "ended", "signed out"], 0]);
  });

  it("ends if the cookie belongs to another account", async () => {
    const { session, endings } = await signedIn();
    answers = [() => [401, {}], () => [200, pair("other", "8")]];
    await expect(session.call("GET", "/a")).rejects.toMatchObject({ status: 401 });
    expect([endings, stored.size]).toEqual([["replaced"], 1]);
  });

  it("stays signed in if the server can't be reached for signing out", async () => {
    const { session, endings } = await signedIn();
    await expect(session.signOut()).rejects.toMatchObject({ status: 0 });
    expect(endings).toEqual([]);
    answers = [() => [204, null]];
    await session.signOut();
    expect([endings, stored.size]).toEqual([["signed out"], 0]);
  });

  it("resumes after a reload, unless the server refuses", async () => {
    expect(await Session.resume()).toBeUndefined();
    expect(requests).toEqual([]);
    stored.set(rememberedEmailKey, "ada@example.com");
    await expect(Session.resume()).rejects.toMatchObject({ status: 0 }); // may succeed later
    answers = [() => [200, pair("again")]];
    expect((await Session.resume())?.person.email).toBe("ada@example.com");
    answers = [() => [401, {}]];
    expect([await Session.resume(), stored.size]).toEqual([undefined, 0]);
  });
});

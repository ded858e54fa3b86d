import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "./api";
import { type Ending, Session, personOf, remembered } from "./session";

const token = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.s`;
const pair = (name: string, sub = "7") => ({ access_token: token({ sub, role: "admin", name }), refresh_token: "", token_type: "bearer", expires_in_minutes: 15 });

/** What the server answers, call by call; and what it was asked. */
let answers: ((path: string, init: RequestInit) => [number, unknown])[] = [];
let asked: { path: string; headers: Record<string, string>; credentials: string | undefined }[] = [];
const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  asked = [];
  kept.clear();
  vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value), removeItem: (name: string) => kept.delete(name) });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push({ path, headers: init.headers as Record<string, string>, credentials: init.credentials });
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
  session.whenEnded((why) => endings.push(why));
  asked = [];
  return { session, endings };
}

describe("a session", () => {
  it("waits for no answer for ever, and ends what its caller gives up", async () => {
    const { session } = await signedIn();
    const hang = (_: string, init: RequestInit) => new Promise((_done, fail) => init.signal?.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError"))));
    vi.stubGlobal("fetch", hang);
    const call = session.request("GET", "/devices").catch((failure: unknown) => failure);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await call).toMatchObject({ status: 0 });
    const stop = new AbortController();
    const given = session.request("GET", "/devices", undefined, stop.signal).catch((failure: unknown) => failure);
    stop.abort();
    expect(await given).toMatchObject({ name: "AbortError" });
  });

  it("knows whose token it has", () => {
    expect(personOf(token({ sub: "12", role: "user" }), "x@example.com")).toEqual({ id: "12", email: "x@example.com", admin: false });
  });

  it("remembers the address alone, and asks for the cookie by a header", async () => {
    answers = [() => [200, pair("first")]];
    const session = await Session.signIn("ada@example.com", "secret");
    expect([...kept]).toEqual([[remembered, "ada@example.com"]]);
    expect(asked[0]).toMatchObject({ path: "/auth/login", headers: { "X-Session-Cookie": "1" }, credentials: "same-origin" });
    expect(session.person).toEqual({ id: "7", email: "ada@example.com", admin: true });
  });

  it("renews an expired token once for all who find out, without a cookie on other calls", async () => {
    const { session } = await signedIn();
    answers = [() => [401, {}], () => [401, {}], () => [200, pair("second")], (_, init) => [200, (init.headers as Record<string, string>).Authorization], () => [200, "also"]];
    const both = await Promise.all([session.call<string>("GET", "/a"), session.call<string>("GET", "/b")]);
    expect(asked.map((each) => each.path)).toEqual(["/a", "/b", "/auth/refresh", "/a", "/b"]);
    expect(asked[0]?.credentials).toBe("omit");
    expect(both[0]).toBe(`Bearer ${pair("second").access_token}`);
  });

  it("renews before the token expires, and tells the new one", async () => {
    const { session } = await signedIn();
    const told: string[] = [];
    session.whenRenewed((each) => told.push(each));
    answers = [() => [200, pair("second")]];
    await vi.advanceTimersByTimeAsync(15 * 60_000 * 0.8);
    expect(told).toEqual([pair("second").access_token]);
  });

  it("ends once, where the server renews no more", async () => {
    const { session, endings } = await signedIn();
    answers = [() => [401, {}], () => [401, {}]];
    await expect(session.call("GET", "/a")).rejects.toBeInstanceOf(ApiError);
    await expect(session.call("GET", "/a")).rejects.toBeInstanceOf(ApiError);
    expect([endings, kept.size]).toEqual([["ended"], 1]); // another tab finds out for itself
    expect(asked.map((each) => each.path)).toEqual(["/a", "/auth/refresh"]); // nothing is asked with no token
  });

  it("goes on as it was, for the same person with the same rights", async () => {
    const { session, endings } = await signedIn();
    const told: string[] = [];
    session.whenRenewed((each) => told.push(each));
    session.end("ended");
    await expect(session.call("GET", "/a")).rejects.toMatchObject({ status: 401 });
    await expect(session.signInAgain("wrong")).rejects.toMatchObject({ status: 0 });
    answers = [() => [200, pair("again")], () => [200, "fine"]];
    expect(await session.signInAgain("secret")).toBe(session);
    expect([await session.call("GET", "/a"), told]).toEqual(["fine", [pair("again").access_token]]);

    session.end("ended");
    answers = [() => [200, { ...pair("x"), access_token: token({ sub: "7", role: "user" }) }]];
    const less = await session.signInAgain("secret");
    expect([less === session, less.person.admin]).toEqual([false, false]);
    session.end("signed out");
    session.end("replaced");
    expect([endings, kept.size]).toEqual([["ended", "ended", "signed out"], 0]);
  });

  it("ends where the cookie has become somebody else's", async () => {
    const { session, endings } = await signedIn();
    answers = [() => [401, {}], () => [200, pair("other", "8")]];
    await expect(session.call("GET", "/a")).rejects.toMatchObject({ status: 401 });
    expect([endings, kept.size]).toEqual([["replaced"], 1]);
  });

  it("is not signed out while the server can't be told", async () => {
    const { session, endings } = await signedIn();
    await expect(session.signOut()).rejects.toMatchObject({ status: 0 });
    expect(endings).toEqual([]);
    answers = [() => [204, null]];
    await session.signOut();
    expect([endings, kept.size]).toEqual([["signed out"], 0]);
  });

  it("goes on after a reload, and not where the server says no", async () => {
    expect(await Session.resume()).toBeUndefined();
    expect(asked).toEqual([]);
    kept.set(remembered, "ada@example.com");
    await expect(Session.resume()).rejects.toMatchObject({ status: 0 }); // later, perhaps
    answers = [() => [200, pair("again")]];
    expect((await Session.resume())?.person.email).toBe("ada@example.com");
    answers = [() => [401, {}]];
    expect([await Session.resume(), kept.size]).toEqual([undefined, 0]);
  });
});

import { describe, expect, it } from "vitest";

import type { User } from "@/lib/users/useUsers";
import { suggestPassword } from "./password";
import { matchingUsers, isLastAdmin } from "./users";

const user = (id: number, email: string, role: User["role"] = "user", disabled = false): User => ({ id, email, role, created_at: "2026-01-15T12:00:00Z", disabled });

describe("users", () => {
  it("are found by any part of the address, sorted", () => {
    const all = [user(1, "grace@example.com"), user(2, "ada@example.com"), user(3, "alan@example.org")];
    expect(matchingUsers(all, " EXAMPLE.COM ").map((found) => found.id)).toEqual([2, 1]);
    expect(matchingUsers(all, "").map((found) => found.id)).toEqual([2, 3, 1]);
    expect(matchingUsers(all, "nobody")).toEqual([]);
  });

  it("detect the last administrator", () => {
    const ada = user(1, "ada@example.com", "admin");
    expect(isLastAdmin([ada, user(2, "b@example.com")], ada)).toBe(true);
    expect(isLastAdmin([ada, user(2, "b@example.com", "admin")], ada)).toBe(false);
    expect(isLastAdmin([ada, user(2, "b@example.com", "admin", true)], ada)).toBe(true);
    expect(isLastAdmin([ada, user(2, "b@example.com")], user(2, "b@example.com"))).toBe(false);
  });
});

describe("a suggested password", () => {
  it("has the documented form and uses every random bit", () => {
    const passwordEndingIn = (last: number) => suggestPassword((bytes) => bytes.fill(0, 0, 19).fill(last, 19));
    const passwords = new Set(Array.from({ length: 32 }, (_, n) => passwordEndingIn(n)));
    expect(passwords.size).toBe(32);
    for (const password of passwords) expect(password).toMatch(/^[a-km-np-z2-9]{5}(-[a-km-np-z2-9]{5}){3}$/);
  });
});

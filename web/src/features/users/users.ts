import { hasText, natural } from "../../lib/search";
import type { User } from "../../lib/users/useUsers";

/** The accounts in the order of their addresses that have this text in them. */
export function found(users: readonly User[], text: string): User[] {
  return users.filter((each) => hasText(each.email, text)).sort((a, b) => natural.compare(a.email, b.email));
}

/** Whether nobody would be left who could undo what was done. */
export function isLastAdmin(users: readonly User[], user: User): boolean {
  return user.role === "admin" && !user.disabled && !users.some((each) => each.role === "admin" && !each.disabled && each.id !== user.id);
}

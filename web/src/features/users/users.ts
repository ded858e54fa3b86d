import { hasText, natural } from "@/lib/search";
import type { User } from "@/lib/users/useUsers";

/** The accounts whose address contains the text, sorted by address. */
export function matchingUsers(users: readonly User[], text: string): User[] {
  return users.filter((user) => hasText(user.email, text)).sort((a, b) => natural.compare(a.email, b.email));
}

/** Whether the user is the only enabled administrator. */
export function isLastAdmin(users: readonly User[], user: User): boolean {
  return user.role === "admin" && !user.disabled && !users.some((other) => other.role === "admin" && !other.disabled && other.id !== user.id);
}

import type { AlertRule } from "@/lib/alerts/alerts";
import { natural } from "@/lib/search";

export type Group = { key: "all" | "device" | "silence" | "security" | `category:${string}`; category: string | undefined; rules: AlertRule[] };

function keyOf(rule: AlertRule): Group["key"] {
  if (rule.kind !== "field") return rule.kind;
  if (rule.device_id !== null) return "device";
  return rule.category === null ? "all" : `category:${rule.category}`;
}

/** Groups the rules by subject: first rules about readings, then silence, then security. */
export function groupsOf(rules: readonly AlertRule[], categoryName: (slug: string) => string): Group[] {
  const groups = new Map<Group["key"], Group>();
  for (const rule of rules) {
    const key = keyOf(rule);
    const group = groups.get(key) ?? { key, category: rule.kind === "field" ? (rule.category ?? undefined) : undefined, rules: [] };
    group.rules.push(rule);
    groups.set(key, group);
  }
  const order = ["all", "category", "device", "silence", "security"];
  const rank = ({ key }: Group) => order.indexOf(key.split(":")[0] ?? "");
  const name = ({ category }: Group) => (category === undefined ? "" : categoryName(category));
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || natural.compare(name(a), name(b)));
}

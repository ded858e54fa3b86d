import { useMemo } from "react";

import { type Value, flatten } from "@/lib/fleet/fleet";
import { useCategories, useFleet } from "@/lib/fleet/FleetProvider";
import type { Scope } from "./draft";

/** The fields of the scope with an example value: from the category's sample payload, and from the device's own readings. */
export function useFields(scope: Scope): ReadonlyMap<string, Value> {
  const categories = useCategories();
  const { store } = useFleet();
  const device = scope.kind === "device" && scope.id !== null ? store.get(scope.id) : undefined;
  const slug = scope.kind === "category" ? scope.slug : device?.category;
  return useMemo(() => {
    const fields = new Map<string, Value>();
    for (const category of categories) if (slug === undefined || category.slug === slug) flatten(category.sample_payload, fields);
    for (const [field, value] of device?.fields ?? []) fields.set(field, value);
    return fields;
  }, [categories, device, slug]);
}

import type { ComponentType } from "react";

import { FleetIcon } from "../components/icons";
import { DevicePage } from "../features/device/DevicePage";
import { fleetText } from "../features/fleet/text";
import { FleetPage } from "../features/fleet/FleetPage";
import type { Language } from "../lib/i18n/i18n";

export type Route = {
  /** As wouter reads it: what stands for `:id` comes to the page as `params.id`. */
  path: string;
  page: ComponentType<{ params: Readonly<Record<string, string | undefined>> }>;
  /** Its entry in the navigation; absent where other pages lead to it. */
  entry?: { name: (language: Language) => string; icon: ComponentType<{ size?: number }> };
  /** For administrators alone. The server decides; this only hides what it would refuse. */
  admin?: true;
};

/** Every page, in the order of the navigation. */
export const routes: readonly Route[] = [
  { path: "/", page: FleetPage, entry: { name: (language) => fleetText[language].title, icon: FleetIcon } },
  { path: "/devices/:id", page: DevicePage },
];

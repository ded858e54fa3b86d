import type { ComponentType } from "react";

import { AlertIcon, FleetIcon, RulesIcon, ShieldIcon, UsersIcon, WebhookIcon } from "@/components/icons";
import { part } from "@/components/part";
import { AlertsBadge } from "@/features/alerts/AlertsBadge";
import { alertsText } from "@/features/alerts/text";
import { fleetText } from "@/features/fleet/text";
import { FleetPage } from "@/features/fleet/FleetPage";
import { rulesText } from "@/features/rules/text";
import { securityText } from "@/features/security/text";
import { usersText } from "@/features/users/text";
import { webhooksText } from "@/features/webhooks/text";
import type { Language } from "@/lib/i18n/i18n";

type PageProps = { params: Readonly<Record<string, string | undefined>> };

// The first load contains the fleet page only; the other pages are loaded when they are first opened.
const DevicePage = part<PageProps>("DevicePage", async () => (await import("@/features/device/DevicePage")).DevicePage);
const AlertsPage = part<PageProps>("AlertsPage", async () => (await import("@/features/alerts/AlertsPage")).AlertsPage);
const RulesPage = part<PageProps>("RulesPage", async () => (await import("@/features/rules/RulesPage")).RulesPage);
const WebhooksPage = part<PageProps>("WebhooksPage", async () => (await import("@/features/webhooks/WebhooksPage")).WebhooksPage);
const SecurityPage = part<PageProps>("SecurityPage", async () => (await import("@/features/security/SecurityPage")).SecurityPage);
const UsersPage = part<PageProps>("UsersPage", async () => (await import("@/features/users/UsersPage")).UsersPage);

export type Route = {
  /** A wouter pattern: the page receives the value of `:id` as `params.id`. */
  path: string;
  page: ComponentType<PageProps>;
  /** Its entry in the navigation. Absent for pages that are opened from other pages. */
  entry?: { name: (language: Language) => string; icon: ComponentType<{ size?: number }>; badge?: ComponentType };
  /** Administrators only. The server enforces this; here it only hides pages whose requests would be refused. */
  admin?: true;
};

/** All pages, in the order of the navigation. */
export const routes: readonly Route[] = [
  { path: "/", page: FleetPage, entry: { name: (language) => fleetText[language].title, icon: FleetIcon } },
  { path: "/devices/:id", page: DevicePage },
  { path: "/alerts", page: AlertsPage, entry: { name: (language) => alertsText[language].title, icon: AlertIcon, badge: AlertsBadge } },
  { path: "/rules", page: RulesPage, entry: { name: (language) => rulesText[language].title, icon: RulesIcon } },
  { path: "/webhooks", page: WebhooksPage, entry: { name: (language) => webhooksText[language].title, icon: WebhookIcon }, admin: true },
  { path: "/users", page: UsersPage, entry: { name: (language) => usersText[language].title, icon: UsersIcon }, admin: true },
  { path: "/security", page: SecurityPage, entry: { name: (language) => securityText[language].title, icon: ShieldIcon }, admin: true },
];

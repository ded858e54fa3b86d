import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import { useToast } from "@/components/Toasts";
import type { Alert } from "@/lib/alerts/alerts";
import { alertWords } from "@/lib/alerts/text";
import { useAlertSummaryUpdates } from "@/lib/alerts/useAlertSummary";
import { useRuleName } from "@/lib/alerts/useAlertRules";
import { fleetWords } from "@/lib/fleet/text";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useLive } from "@/lib/LiveProvider";
import { Announcer } from "./announcer";
import { alertsText } from "./text";

/** How often deferred announcements are checked, in milliseconds. */
const checkInterval = 5000;

/** Announces new alerts on the other pages and keeps the count in the navigation current. Renders nothing. */
export function AlertsWatch() {
  const text = useText(alertsText);
  const words = useText(alertWords);
  const { simulated } = useText(fleetWords);
  const ruleName = useRuleName();
  const toast = useToast();
  const [location] = useLocation();
  const [announcer] = useState(() => new Announcer());
  const onAlertsPage = location.startsWith("/alerts");
  useAlertSummaryUpdates();

  const announce = (raised: readonly Alert[]) => {
    if (onAlertsPage) { announcer.clear(); return; }
    const alerts = announcer.due(raised, Date.now());
    const [first] = alerts;
    if (first === undefined) return;
    const critical = alerts.filter((alert) => alert.severity === "critical").length;
    const summary = critical === 0 ? text.toast.many(alerts.length) : text.toast.manyCritical(text.toast.many(alerts.length), words.someCritical(critical));
    const device = `${first.device_name ?? first.subject}${first.simulated ? ` (${simulated})` : ""}`;
    const message = alerts.length > 1 ? summary : (first.late ? text.toast.late : text.toast.one)(words.severities[first.severity], ruleName(first.rule_name), device);
    toast(message, { name: text.toast.show, href: "#/alerts" });
  };
  useLive(
    (events) => announce(events.flatMap((event) => (event.type === "alert" && event.change === "raised" ? event.alert : []))),
    () => undefined,
  );
  useEffect(() => {
    const timer = setInterval(() => announce([]), checkInterval);
    return () => clearInterval(timer);
  });
  return null;
}

import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import { useToast } from "../../components/Toasts";
import type { Alert } from "../../lib/alerts/alerts";
import { alertWords } from "../../lib/alerts/text";
import { useAlertSummaryLive } from "../../lib/alerts/useAlertSummary";
import { useRuleName } from "../../lib/alerts/useAlertRules";
import { fleetWords } from "../../lib/fleet/text";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useLive } from "../../lib/LiveProvider";
import { Announcer } from "./announcer";
import { alertsText } from "./text";

/** How often it is looked whether what had to wait may be told of. */
const pause = 5000;

/** Tells of new alerts whoever looks at another page, and keeps their number in the navigation right. Shows nothing itself. */
export function AlertsWatch() {
  const text = useText(alertsText);
  const words = useText(alertWords);
  const { simulated } = useText(fleetWords);
  const ruleName = useRuleName();
  const toast = useToast();
  const [location] = useLocation();
  const [announcer] = useState(() => new Announcer());
  const looking = location.startsWith("/alerts");
  useAlertSummaryLive();

  const tell = (raised: readonly Alert[]) => {
    if (looking) return announcer.forget();
    const alerts = announcer.take(raised, Date.now());
    const [first] = alerts;
    if (first === undefined) return;
    const critical = alerts.filter((each) => each.severity === "critical").length;
    const many = critical === 0 ? text.toast.many(alerts.length) : text.toast.manyCritical(text.toast.many(alerts.length), words.someCritical(critical));
    const device = `${first.device_name ?? first.subject}${first.simulated ? ` (${simulated})` : ""}`;
    const message = alerts.length > 1 ? many : (first.late ? text.toast.late : text.toast.one)(words.severities[first.severity], ruleName(first.rule_name), device);
    toast(message, { name: text.toast.show, href: "#/alerts" });
  };
  useLive(
    (events) => tell(events.flatMap((each) => (each.type === "alert" && each.change === "raised" ? each.alert : []))),
    () => undefined,
  );
  useEffect(() => {
    const timer = setInterval(() => tell([]), pause);
    return () => clearInterval(timer);
  });
  return null;
}

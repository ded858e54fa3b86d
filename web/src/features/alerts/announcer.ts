import type { Alert } from "@/lib/alerts/alerts";

const maxAnnouncements = 3;
const period = 60_000;

/** Limits announcements of new alerts to three a minute. Alerts in between are announced together later. */
export class Announcer {
  private readonly announcedAt: number[] = [];
  private pending: Alert[] = [];

  /** Adds `raised` and returns the alerts to announce now. Empty while the limit is reached. `now`: milliseconds. */
  due(raised: readonly Alert[], now: number): readonly Alert[] {
    this.pending.push(...raised);
    while (this.announcedAt[0] !== undefined && this.announcedAt[0] <= now - period) this.announcedAt.shift();
    if (this.pending.length === 0 || this.announcedAt.length >= maxAnnouncements) return [];
    this.announcedAt.push(now);
    const alerts = this.pending;
    this.pending = [];
    return alerts;
  }

  /** Discards the pending alerts because the user has seen them. */
  clear(): void {
    this.pending = [];
  }
}

import type { Alert } from "../../lib/alerts/alerts";

const atMost = 3;
const within = 60_000;

/** Says which new alerts to tell of: a few times a minute, and what came in between together the next time. */
export class Announcer {
  private readonly told: number[] = [];
  private untold: Alert[] = [];

  /** What to tell of now; nothing where it has to wait. */
  take(raised: readonly Alert[], now: number): readonly Alert[] {
    this.untold.push(...raised);
    while (this.told[0] !== undefined && this.told[0] <= now - within) this.told.shift();
    if (this.untold.length === 0 || this.told.length >= atMost) return [];
    this.told.push(now);
    const all = this.untold;
    this.untold = [];
    return all;
  }

  /** They were seen: there is nothing to tell of them any more. */
  forget(): void {
    this.untold = [];
  }
}

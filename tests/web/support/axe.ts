import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

/** Nothing that hinders people much may be found (WCAG 2.1, A and AA); what hinders them less is printed. */
export async function accessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  const told = violations.map(({ id, impact, help, nodes }) => ({ grave: impact === "serious" || impact === "critical", text: `${impact ?? "?"}: ${id} (${help}): ${nodes.map((each) => `${each.html} ${each.any[0]?.message ?? ""}`).join(" | ")}` }));
  for (const { grave, text } of told) if (!grave) console.log(`axe, ${what}: ${text}`);
  expect.soft(
    told.filter((each) => each.grave).map((each) => each.text),
    `what axe finds: ${what}`,
  ).toEqual([]);
}

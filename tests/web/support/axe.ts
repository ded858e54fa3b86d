import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

/** Expects no serious or critical violations of WCAG 2.1 A and AA. Prints the others. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  const findings = violations.map(({ id, impact, help, nodes }) => ({ severe: impact === "serious" || impact === "critical", text: `${impact ?? "?"}: ${id} (${help}): ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ""}`).join(" | ")}` }));
  for (const { severe, text } of findings) if (!severe) console.log(`axe, ${state}: ${text}`);
  expect.soft(
    findings.filter((finding) => finding.severe).map((finding) => finding.text),
    `axe violations: ${state}`,
  ).toEqual([]);
}

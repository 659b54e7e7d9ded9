import type { Page } from "playwright-core";

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe, which the page has as a script, finds that is serious or critical. */
export async function violationsOn(page: Page): Promise<readonly object[]> {
  return page.evaluate(async () => {
    const { axe: rules } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } };
    const { violations } = await rules.run();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.map(({ id, nodes }) => ({ id, node: nodes[0]?.html }));
  });
}

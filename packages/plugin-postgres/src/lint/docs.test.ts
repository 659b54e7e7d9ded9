import { expect, test } from "vitest";
import { allRules } from "./all-rules.js";
import type { Concern, Rule } from "./rule.js";

const titles: Readonly<Record<Concern, string>> = {
  locks: "Others wait",
  compatibility: "The release before does not survive it",
  transactions: "It does not run, or not as a whole",
  types: "Types that are regretted",
  names: "Names and slips",
};

const head = `# Rules for migrations

\`plan\` and \`verify\` of [@fairlead/plugin-postgres](../packages/plugin-postgres/README.md) hold pending migrations against the rules under “Others wait”, with the sizes of the tables that they find: what would take long on a table of ten million rows stops a deployment, from ten thousand on it is a
warning, and below nothing is said. \`lintFolder\` of \`@fairlead/plugin-postgres/lint\` asks no database, and says all of them.

Nothing is said about a table that the same file made: nobody uses it yet. A comment before or in a statement keeps a rule silent, and says why: \`-- fairlead-ignore require-concurrent-index-creation: the table is empty until June\`.
Comments of squawk's (\`-- squawk-ignore …\`, \`-- squawk-ignore-file …\`) count too.

Where squawk has a rule, it has squawk's name here. Not among them are squawk's and eugene's rules about timeouts, since Fairlead sets \`lock_timeout\` itself and tries again.
`;

function section({ id, elsewhere, why, recipe, examples }: Rule): string {
  return `### ${id}

${why}

${recipe}

\`\`\`sql
-- not
${examples.bad};
-- but
${examples.good};
\`\`\`

Elsewhere: ${elsewhere.map((one) => `\`${one}\``).join(", ")}.
`;
}

test("docs/lint.md says what the rules say; `npx vitest run -u` of this file writes it anew", async () => {
  const sections = Object.entries(titles).map(([concern, title]) => {
    const rules = allRules.filter((rule) => rule.concern === concern);
    return `## ${title}\n\n${rules.map(section).join("\n")}`;
  });
  await expect([head, ...sections].join("\n")).toMatchFileSnapshot("../../../../docs/lint.md");
});

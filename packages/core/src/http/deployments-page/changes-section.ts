import type { CommitList } from "../../contract/plan.js";
import type { ReleaseChanges } from "../../history/index.js";
import { html, type Html } from "../../status/page/html.js";
import { listed } from "./listed.js";
import { said, shortCommit, shortId } from "./said.js";

/** So many of each are listed; of more it is said how many there are. */
const most = 6;

/** What is different, in words; names of variables, never what they are. */
export function changesSection(
  changes: ReleaseChanges,
  { title = "What changes", whole }: { readonly title?: string; readonly whole?: string | null } = {},
): Html {
  const { from, to, commits, branches, message, components, migrations, variables } = changes;
  const moved = components.filter(({ change }) => change !== "same");
  const same = components.length - moved.length;
  const isKnown = from !== null;
  // The newest of its commits says the same.
  const isListed = (commits.between?.added.listed.length ?? 0) > 0;
  return html`<section>
    <h2>${title}</h2>
    <dl>
      <dt>Release</dt>
      <dd>${isKnown ? html`<code>${shortId(from)}</code> → ` : "first, or the one before is not known: "}<code>${shortId(to)}</code></dd>
      ${commitRow(commits, branches)}${
        message !== null &&
        !isListed &&
        html`<dt>Message</dt>
          <dd>${said(message, 400)}</dd>`
      }${commitsRow("New", commits.between?.added, whole)}${commitsRow("Left out", commits.between?.dropped, whole)}${row(
        "Components",
        moved.map(({ component, change, from: old, to: young }) => {
          const what =
            change === "changed"
              ? html`: ${said(old ?? "", 120)} → ${said(young ?? "", 120)}`
              : html` ${change}: ${said(young ?? old ?? "", 120)}`;
          return html`<b>${said(component, 60)}</b>${what}`;
        }),
        whole,
      )}${
        same > 0 &&
        moved.length > 0 &&
        html`<dt></dt>
          <dd class="soft">${same} as before</dd>`
      }${row(
        "Migrations",
        migrations.added.map(({ id, phase }) => html`${said(id, 120)} <span class="soft">${phase}</span>`),
        whole,
      )}${row(
        "Ahead of it",
        migrations.removed.map(
          ({ id, phase }) => html`${said(id, 120)} <span class="soft">${phase}: it does not know this migration</span>`,
        ),
        whole,
      )}${row(
        "Variables",
        (variables ?? []).map(({ component, name, change }) => html`${said(component, 60)}: <code>${said(name, 100)}</code> ${change}`),
        whole,
      )}
    </dl>
    ${rest(changes, moved.length)}
  </section>`;
}

/** What no row says. */
function rest({ from, migrations, variables, others }: ReleaseChanges, moved: number): Html | false {
  if (others) return html`<p>Options, configuration, own steps or versions of secrets are different.</p>`;
  if (from === null) return false;
  const changes = moved + migrations.added.length + migrations.removed.length + (variables?.length ?? 0);
  return html`${changes === 0 && html`<p>Its content is the same.</p>`}${
    variables === null && html`<p class="soft">Whether variables differ is not known.</p>`
  }`;
}

function commitRow(commits: ReleaseChanges["commits"], branches: ReleaseChanges["branches"]): Html | false {
  const { from, to } = commits;
  if (to === null) return false;
  const of = (commit: string, branch: string | null): Html =>
    html`<code>${shortCommit(commit)}</code>${branch !== null && html` on ${said(branch, 80)}`}`;
  const before = from !== null && from !== to ? html`${of(from, branches.from)} → ` : html``;
  return html`<dt>Commit</dt>
    <dd>${before}${of(to, branches.to)}</dd>`;
}

function commitsRow(title: string, commits: CommitList | undefined, whole: string | null | undefined): Html | false {
  if (commits === undefined || commits.listed.length === 0) return false;
  const { listed: known, more } = commits;
  const isWhole = whole === null || known.length <= most;
  return html`<dt>${title}</dt>
    <dd>
      <ul>
        ${listed(known, { most, whole, besides: isWhole ? 0 : more }, ({ commit, author, subject }) => html`<code>${shortCommit(commit)}</code> ${said(subject, 90)} <span class="soft">${said(author, 24)}</span>`)}
        ${more > 0 && isWhole && html`<li class="soft">and ${more} more, which were not written down</li>`}
      </ul>
    </dd>`;
}

function row(title: string, items: readonly Html[], whole: string | null | undefined): Html | false {
  if (items.length === 0) return false;
  return html`<dt>${title}</dt>
    <dd>
      <ul>
        ${listed(items, { most, whole }, (item) => item)}
      </ul>
    </dd>`;
}

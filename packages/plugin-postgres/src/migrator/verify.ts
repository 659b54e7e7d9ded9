import type { CallOptions, MigrationFinding } from "@fairlead/core";
import { readContent } from "../adopt/read-content.js";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import type { LedgerEntry } from "../ledger/ledger.js";
import { reachingOut, type Rehearsal } from "../scratch/rehearsal.js";
import { rehearse } from "../scratch/rehearse.js";
import { withShadow } from "../scratch/shadow.js";
import { untried } from "../scratch/untried.js";
import type { Verification } from "../scratch/verification.js";
import { problemThroughPooler } from "../transaction/through-pooler.js";
import { wayOf } from "../transaction/way.js";
import { planOf } from "./plan.js";
import { findPrivilegeProblems } from "./privileges.js";
import { readTarget } from "./read-target.js";
import type { MigratorSettings } from "./settings.js";

/** Proves what can be proved before anything is deployed: on the real database by asking only, and on a scratch database. With `always` also where nothing is pending: then only drift is looked for. */
export async function verifyMigrations(
  settings: MigratorSettings,
  call: CallOptions,
  { always = false }: { readonly always?: boolean } = {},
): Promise<Verification> {
  call.signal.throwIfAborted();
  const { address, ledger, folder, clock, runner, redact, shadow } = settings;
  const files = await readFolder(folder);
  // Not bound to the signal: through it the scratch database is dropped when that aborts.
  const signals = { signal: new AbortController().signal, opening: call.signal };
  const admin = await openSession({ address, clock, name: `fairlead verify ${runner}`, ...signals });
  try {
    const content = await readContent(admin, ledger, files);
    const plan = await planOf(ledger, files, content, await readTarget(admin, files, content));
    const pending = files.filter(({ id }) => plan.pending.some((one) => one.id === id));
    const findings = [
      ...plan.findings,
      ...(await findPrivilegeProblems(admin, settings)),
      ...(await pooledFindings(admin, pending, content.entries)),
    ];
    const applied = content.entries.flatMap((entry) => files.filter(({ id }) => entry.state === "applied" && id === entry.id));
    const { log, signal } = call;
    const rehearsal: Rehearsal = { ledger, clock, log, redact, folder, applied, ahead: plan.ahead, pending };
    const isIdle = pending.length === 0 && !(always && applied.length > 0 && shadow.kind !== "template");
    if (isIdle || findings.some(({ severity }) => severity === "error"))
      return { shadow: "none", findings, migrations: untried(rehearsal, "").migrations, drift: [], schema: null };
    const because = reachingOut(rehearsal, shadow.kind === "template");
    const options = { shadow, admin, clock, log, signal };
    const tried = because === undefined ? await withShadow(options, (place) => rehearse(rehearsal, place)) : { refused: because };
    const wasTried = !("refused" in tried);
    const rehearsed = wasTried ? tried : untried(rehearsal, tried.refused);
    return { shadow: wasTried ? shadow.kind : "none", ...rehearsed, findings: [...findings, ...rehearsed.findings] };
  } finally {
    await admin.close();
  }
}

/** What cannot be run through a pooler, before anything is deployed. */
async function pooledFindings(
  session: Session,
  pending: readonly MigrationFile[],
  entries: readonly LedgerEntry[],
): Promise<readonly MigrationFinding[]> {
  if (!session.pooled) return [];
  const findings: MigrationFinding[] = [];
  for (const file of pending) {
    const entry = entries.find(({ id }) => id === file.id);
    const problem = await problemThroughPooler(session, await wayOf(file, entry));
    if (problem === undefined) continue;
    findings.push({
      severity: "error",
      migration: file.id,
      message: `${file.path} needs a connection of its own: ${problem}; ${session.address.name} is a connection pooler.`,
      hint: "Put the direct address of the database into the secret.",
    });
  }
  return findings;
}

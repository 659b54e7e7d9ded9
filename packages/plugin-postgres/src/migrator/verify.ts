import type { CallOptions, MigrationFinding } from "@fairlead/core";
import { openSession, type Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import { rehearse } from "../scratch/rehearse.js";
import type { MigratorSettings } from "./apply.js";
import { planOf } from "./plan.js";
import { findPrivilegeProblems } from "./privileges.js";
import { readContent } from "./read-content.js";
import { readTarget } from "./read-target.js";

/** Proves what can be proved before anything is deployed: on the real database by asking only, and on a scratch database beside it. */
export async function verifyMigrations(settings: MigratorSettings, call: CallOptions): Promise<readonly MigrationFinding[]> {
  call.signal.throwIfAborted();
  const { address, ledger, folder, clock, runner, redact } = settings;
  const files = await readFolder(folder);
  // Not bound to the signal: through it the scratch database is dropped when that aborts.
  const signals = { signal: new AbortController().signal, opening: call.signal };
  const admin = await openSession({ address, clock, name: `fairlead verify ${runner}`, ...signals });
  try {
    const content = await readContent(admin, ledger, files);
    const plan = await planOf(ledger, files, content, await readTarget(admin, files, content));
    const pending = files.filter(({ id }) => plan.pending.some((one) => one.id === id));
    const findings = [...plan.findings, ...(await findPrivilegeProblems(admin, settings)), ...pooledFindings(admin, pending)];
    if (pending.length === 0 || findings.some(({ severity }) => severity === "error")) return findings;
    const applied = content.entries.flatMap((entry) => files.filter(({ id }) => entry.state === "applied" && id === entry.id));
    const { log, signal } = call;
    return [...findings, ...(await rehearse({ admin, ledger, clock, log, redact, signal, folder, applied, pending }))];
  } finally {
    await admin.close();
  }
}

function pooledFindings({ pooled, address }: Session, pending: readonly MigrationFile[]): readonly MigrationFinding[] {
  if (!pooled) return [];
  return pending
    .filter(({ transaction, code }) => !transaction && !code)
    .map(({ id, path }) => ({
      severity: "error",
      migration: id,
      message: `${path} runs outside of a transaction and needs a connection of its own; ${address.name} is a connection pooler.`,
      hint: "Put the direct address of the database into the secret.",
    }));
}

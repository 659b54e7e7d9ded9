import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { beforeFile, readBefore, withManifest } from "./before.js";
import type { PlannedObjects } from "./kubernetes-input.js";
import { manifestText, namesOf, type KubernetesObject } from "./kubernetes-object.js";
import type { KubernetesProgram, KubernetesWork } from "./kubernetes-program.js";
import { appliedFields, manifestOf, unitedFields } from "./owned-fields.js";
import type { Progress } from "./progress.js";
import { rollOut } from "./roll-out.js";

/**
 * The way back: objects that this deployment has changed are applied as they were, in the fields that Fairlead applies and in no others; those that it has made are deleted.
 * Does nothing where nothing was changed, and nothing more when it is called again.
 */
export async function takeBack(begun: {
  readonly work: KubernetesWork;
  readonly kubectl: KubernetesProgram;
  readonly planned: PlannedObjects;
  readonly progress: Progress;
}): Promise<void> {
  const { work, kubectl, planned, progress } = begun;
  const before = await readBefore(work);
  if (before === undefined) {
    if (progress.made.length === 0) return;
    throw fail(coreErrors, "KUBERNETES_BEFORE_GONE", { file: await beforeFile(work) });
  }
  const live = new Map((await kubectl.live(work.input.manifests)).map((object) => [object.address, object]));
  const old = new Map(before.map((object) => [object.address, object]));
  const actionOf = (wanted: "create" | "change"): readonly string[] =>
    planned.objects.filter(({ action }) => action === wanted).map(({ address }) => address);

  const changed = actionOf("change").flatMap((address) => {
    const [then, now] = [old.get(address), live.get(address)];
    if (then === undefined) return [];
    const [first, second] = [appliedFields(then), now && appliedFields(now)];
    const fields = first && second ? unitedFields(first, second) : (first ?? second);
    return fields === undefined ? [] : [manifestOf(then, fields)];
  });
  if (changed.length > 0) {
    await withManifest(work, manifestText(changed), async (file) => {
      await kubectl.apply([file], { force: true });
      await rollOut(kubectl, [file], work);
    });
  }
  const made = actionOf("create").flatMap((address): readonly KubernetesObject[] => {
    const now = live.get(address);
    // One that somebody else has made meanwhile is theirs.
    return now === undefined || appliedFields(now) === undefined ? [] : [now];
  });
  if (made.length > 0) await withManifest(work, manifestText(made.map(namesOf)), (file) => kubectl.delete(file));
}

import assert from "node:assert/strict";
import { lstat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Artifact, ResolvedImage } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { callOf, inputOf, promote, question, serves, type TargetFixture } from "./fixture.js";

/** `resolve` and `files`: what a release is made of, said when it is planned. */
export const sourceCases = {
  "what an image reference means is said the same way each time, also by another process": async (fixture) => {
    const first = await resolved(fixture, 1);
    if (first === undefined) return;
    assert.match(first.digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal((await resolved(fixture, 1))?.digest, first.digest);
    assert.equal((await resolved(fixture, 1, await fixture.again()))?.digest, first.digest);
  },

  "other images have other digests": async (fixture) => {
    const first = await resolved(fixture, 1);
    if (first !== undefined) assert.notEqual((await resolved(fixture, 2))?.digest, first.digest);
  },

  "what is pinned means the same image as the reference that it was made from": async (fixture) => {
    const first = await resolved(fixture, 1);
    const about = { ...fixture.component, reference: first?.pinned ?? "" };
    if (first !== undefined) assert.equal((await fixture.target.resolve?.(about, question()))?.digest, first.digest);
  },

  "asking what an image reference means makes nothing": async (fixture) => {
    await resolved(fixture, 1);
    assert.equal(await fixture.witness.candidates(), 0);
  },

  "what was pinned can be prepared, and serves": async (fixture) => {
    const found = await resolved(fixture, 1);
    const input = await inputOf(fixture, 1);
    if (found === undefined || input.artifact.kind !== "image") return;
    const artifact: Artifact = { ...input.artifact, digest: found.digest, pinned: found.pinned };
    const candidate = await fixture.target.prepare({ ...input, artifact }, callOf(fixture, input.key));
    await promote(fixture, candidate);
    await serves(fixture, { candidate, release: input.release, key: input.key });
  },

  "the files of a folder are named from there, and are in it": async (fixture) => {
    const artifact = await fixture.artifact(1);
    if (artifact.kind !== "directory" || artifact.path === undefined) return;
    const names = (await fixture.target.files?.({ ...fixture.component, folder: artifact.path }, question())) ?? [];
    for (const name of names) {
      assert.ok(!isAbsolute(name) && !name.split(/[\\/]/).includes(".."), `${name} leads out of the folder`);
      await lstat(join(artifact.path, name));
    }
    if (fixture.target.files !== undefined) assert.notEqual(names.length, 0, "it takes no file of the folder");
  },
} satisfies Cases<TargetFixture>;

/** What the target says that the image of a version means. Nothing for a target of folders, and for one that cannot say. */
async function resolved(fixture: TargetFixture, version: number, target = fixture.target): Promise<ResolvedImage | undefined> {
  const artifact = await fixture.artifact(version);
  if (artifact.kind !== "image") return undefined;
  return target.resolve?.({ ...fixture.component, reference: artifact.reference }, question());
}

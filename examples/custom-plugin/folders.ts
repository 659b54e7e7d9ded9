import { createHash } from "node:crypto";
import { cp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { defineErrors, definePlugin, error, fail, type ComponentReference, type DeployTarget } from "@fairlead/core";
import * as z from "zod";

/** Serves a component from `<root>/<application>/<environment>/<component>/current`, a symbolic link to one of the folders in `releases` beside it. */
export const folders = definePlugin({
  id: "folders",
  provides: ["target"],
  options: z.strictObject({ root: z.string() }),
  setup: ({ root }) => ({ target: foldersTarget(resolve(root)) }),
});

const foldersErrors = defineErrors({
  FOLDERS_REFUSED: error<{ problem: string }>({
    status: 409,
    retryable: false,
    message: ({ problem }) => problem,
    hint: () => "Deploy another folder.",
  }),
});

/** What is written beside a release when it is complete. */
type Note = { readonly release: string; readonly createdAt: string; readonly served: boolean };

export function foldersTarget(root: string): DeployTarget {
  const home = ({ application, environment, component }: ComponentReference): string => join(root, application, environment, component);
  const folder = (about: ComponentReference, id: string): string => join(home(about), "releases", id);
  const idOf = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 16);
  const noteOf = async (about: ComponentReference, id: string): Promise<Note | undefined> =>
    readFile(`${folder(about, id)}.json`, "utf8").then(
      (text) => JSON.parse(text) as Note,
      () => undefined,
    );
  const write = async (about: ComponentReference, id: string, note: Note): Promise<void> => {
    const draft = `${folder(about, id)}.${crypto.randomUUID()}.draft`;
    await writeFile(draft, JSON.stringify(note));
    await rename(draft, `${folder(about, id)}.json`);
  };
  const serving = async (about: ComponentReference): Promise<string | undefined> =>
    readlink(join(home(about), "current")).then(
      (path) => basename(path),
      () => undefined,
    );

  return {
    roles: ["web", "worker"],
    description: `folders in ${root}`,
    async prepare({ artifact, key, release, ...about }, { signal }) {
      signal.throwIfAborted();
      const id = idOf(key);
      if (artifact.kind !== "directory" || artifact.path === undefined)
        throw fail(foldersErrors, "FOLDERS_REFUSED", { problem: "Only folders can be served." });
      if ((await noteOf(about, id)) !== undefined) return { id };
      const draft = `${folder(about, id)}.${crypto.randomUUID()}.draft`;
      await cp(artifact.path, draft, { recursive: true });
      await writeFile(join(draft, "FAIRLEAD_RELEASE"), release.id);
      signal.throwIfAborted();
      // Whoever comes second finds the folder there, with the same content.
      await rename(draft, folder(about, id)).catch(() => rm(draft, { recursive: true }));
      await write(about, id, { release: release.id, createdAt: release.createdAt, served: false });
      return { id };
    },
    async observe({ key, ...about }) {
      const id = idOf(key);
      return (await noteOf(about, id)) === undefined ? { status: "absent" } : { status: "applied", candidate: { id } };
    },
    async promote({ candidate: { id }, ...about }, { signal }) {
      signal.throwIfAborted();
      const note = await noteOf(about, id);
      if (note === undefined) throw fail(foldersErrors, "FOLDERS_REFUSED", { problem: `Folder ${id} is gone.` });
      await write(about, id, { ...note, served: true });
      const link = join(home(about), `current.${crypto.randomUUID()}`);
      await symlink(folder(about, id), link);
      await rename(link, join(home(about), "current"));
    },
    async current(about) {
      const id = await serving(about);
      const note = id === undefined ? undefined : await noteOf(about, id);
      return id === undefined || note === undefined ? undefined : { candidate: { id }, release: note.release, settled: true };
    },
    async retained(about) {
      const names = await readdir(join(home(about), "releases")).catch(() => []);
      const current = await serving(about);
      const ids = names.filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== current);
      const notes = await Promise.all(ids.map(async (id) => ({ id, note: await noteOf(about, id) })));
      return notes
        .flatMap(({ id, note }) => (note?.served === true ? [{ candidate: { id }, release: note.release, createdAt: note.createdAt }] : []))
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    async discard({ candidate: { id }, ...about }, { signal }) {
      signal.throwIfAborted();
      if ((await serving(about)) === id) throw fail(foldersErrors, "FOLDERS_REFUSED", { problem: `Folder ${id} serves.` });
      await rm(`${folder(about, id)}.json`, { force: true });
      await rm(folder(about, id), { recursive: true, force: true });
    },
  };
}

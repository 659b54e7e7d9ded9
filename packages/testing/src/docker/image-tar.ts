import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";

/** A file in an image: its content, or the file on this machine that has it. */
export type ImageFile = { readonly path: string; readonly mode?: number } & ({ readonly content: string } | { readonly source: string });

/** An archive that is the same for the same content: owners and times are fixed. */
export function packImage(
  files: readonly ImageFile[],
  folders: readonly { readonly path: string; readonly mode: number }[] = [],
): Readable {
  const archive = pack();
  const mtime = new Date(0);
  const fill = async (): Promise<void> => {
    for (const { path, mode } of folders) archive.entry({ name: inArchive(path), type: "directory", mode, mtime });
    for (const file of files) {
      const header = { name: inArchive(file.path), mode: file.mode ?? 0o644, mtime };
      if ("content" in file) archive.entry(header, file.content);
      else await pipeline(createReadStream(file.source), archive.entry({ ...header, size: (await stat(file.source)).size }));
    }
    archive.finalize();
  };
  fill().catch((error: unknown) => {
    archive.destroy(error as Error);
  });
  return Readable.from(archive);
}

function inArchive(path: string): string {
  return path.replace(/^\//, "");
}

import { expectTypeOf, test } from "vitest";
import type { Plugin } from "../../contract/plugin.js";
import { secret } from "../../secret/secret.js";
import { command } from "./command.js";

const upload = { stage: "provision", run: ["node", "upload.mjs"] } as const;

test("a command is a plugin that brings steps, under its name", () => {
  const assets = command({
    name: "assets",
    ...upload,
    env: { TOKEN: secret("TOKEN"), COLOR: "blue" },
    idempotency: "none",
    observe: { shell: "node uploaded.mjs | grep -q yes" },
    reversibility: "undo",
    undo: ["node", "remove.mjs"],
  });
  expectTypeOf(assets).toEqualTypeOf<Plugin<"assets", "steps">>();
  expectTypeOf(command({ ...upload, idempotency: "natural", reversibility: "leave" })).toEqualTypeOf<Plugin<"command", "steps">>();
});

test("what is promised has to be given", () => {
  // @ts-expect-error what must not be done twice has to be observable
  command({ ...upload, idempotency: "none", reversibility: "leave" });
  // @ts-expect-error what can be taken back has to say how
  command({ ...upload, idempotency: "natural", reversibility: "undo" });
  // @ts-expect-error whether it may be run twice has to be said
  command({ ...upload, reversibility: "leave" });
  // @ts-expect-error a line for a shell is said to be one
  command({ ...upload, run: "node upload.mjs", idempotency: "natural", reversibility: "leave" });
  // @ts-expect-error no program
  command({ ...upload, run: [], idempotency: "natural", reversibility: "leave" });
  // @ts-expect-error a misspelt option
  command({ ...upload, idempotency: "natural", reversibility: "leave", enviroment: {} });
});

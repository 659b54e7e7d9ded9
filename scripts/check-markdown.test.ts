import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "./workspace.mjs";

/** Every page that a reader of the repository or of a package meets. */
const pages = ts.sys
  .readDirectory(root, [".md"], ["**/node_modules", "**/dist", "**/.*"])
  .map((file) => ({ file, name: relative(root, file), text: readFileSync(file, "utf8") }));

const fence = /^```(\w*)\n(.*?)^```$/gms;

/** The text of a page without what is in fences. */
function proseOf(text: string): string {
  return text.replaceAll(fence, "");
}

/** What a page shows as code: fences of these languages, and spans. */
function codeOf(text: string): readonly string[] {
  const fenced = blocksOf(text, ["sh", ""]).flatMap((block) => block.split("\n"));
  return [...fenced, ...Array.from(proseOf(text).matchAll(/`([^`\n]+)`/g), ([, span = ""]) => span)];
}

function blocksOf(text: string, languages: readonly string[]): readonly string[] {
  return Array.from(text.matchAll(fence))
    .filter(([, language = ""]) => languages.includes(language))
    .map(([, , block = ""]) => block);
}

/** The anchors of a page, as GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  const headings = proseOf(readFileSync(file, "utf8")).matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}

describe.for(pages.map((page) => [page.name, page] as const))("%s", ([, { file, text }]) => {
  test("links lead somewhere", () => {
    const links = Array.from(proseOf(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : resolve(dirname(file), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test("files that are named exist", () => {
    const names = codeOf(text).flatMap((code) =>
      Array.from(code.matchAll(/(?<![\w@./-])(?:scripts|bench|docs|examples|packages|tools)\/[\w./-]*\w/g), ([name]) => name),
    );
    expect(names.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test("scripts that are named can be run", () => {
    const known = [root, dirname(file)].flatMap((folder) => scriptsOf(join(folder, "package.json")));
    const named = codeOf(text).flatMap((code) =>
      Array.from(code.matchAll(/\bnpm (?:run )?(test|(?<=run )[\w:-]+)/g), ([, name = ""]) => name),
    );
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    const filtered = codeOf(text).flatMap((code) => Array.from(code.matchAll(/pnpm --filter @fairlead\/([\w-]+) (?:run )?([\w:-]+)/g)));
    expect(
      filtered.filter(([, name = "", script = ""]) => !scriptsOf(join(root, "packages", name, "package.json")).includes(script)),
    ).toEqual([]);
  });
});

function scriptsOf(manifest: string): readonly string[] {
  if (!existsSync(manifest)) return [];
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly scripts?: Readonly<Record<string, string>> };
  return Object.keys(scripts);
}

test("samples that name a file are what it says", () => {
  const named = pages.flatMap(({ text }) =>
    blocksOf(text, ["ts"]).flatMap((block) => {
      const [, file = "", code = ""] = /^\/\/ (examples\/\S+)\n([^]*)$/.exec(block) ?? [];
      return file === "" ? [] : [{ file, code }];
    }),
  );
  expect(named.length).toBeGreaterThan(4);
  for (const { file, code } of named) expect([file, code]).toEqual([file, readFileSync(join(root, file), "utf8")]);
});

test("what samples of code import is exported, and taken as it is given", () => {
  const samples = pages.flatMap(({ name, text }) =>
    blocksOf(text, ["ts"])
      .filter((block) => block.includes("@fairlead/"))
      .map((block, index) => ({ name: `${name}, sample ${index + 1}`, block })),
  );
  expect(samples.length).toBeGreaterThan(10);
  expect(problemsOf(samples)).toEqual([]);
});

test("what samples configure is accepted by the deployer that they make", { timeout: 180_000 }, async () => {
  // Where nobody looks who checks what belongs to the repository beside the tests.
  const place = join(root, "examples/quickstart/.quickstart");
  await mkdir(place, { recursive: true });
  const folder = await mkdtemp(join(place, "samples-"));
  try {
    const findings: { readonly name: string; readonly problems: readonly unknown[] }[] = [];
    for (const [index, { name, text }] of pages.entries()) {
      for (const [place, block] of blocksOf(text, ["ts"]).entries()) {
        const module = deployerOf(block);
        if (module === undefined) continue;
        const file = join(folder, `${index}-${place}.ts`);
        await writeFile(file, module);
        const { deployer } = (await import(file)) as { readonly deployer: { validate(): Promise<readonly unknown[]> } };
        findings.push({ name, problems: await deployer.validate() });
      }
    }
    expect(findings.length).toBeGreaterThan(4);
    expect(findings.filter(({ problems }) => problems.length > 0)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A module with nothing but the deployer of a sample; `undefined` where it has none, or leaves members to the reader. */
function deployerOf(block: string): string | undefined {
  const source = ts.createSourceFile("sample.ts", block, ts.ScriptTarget.Latest, true);
  const calls: ts.CallExpression[] = [];
  const leftOut: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "createDeployer") calls.push(node);
    if (ts.isShorthandPropertyAssignment(node)) leftOut.push(node);
    node.forEachChild(visit);
  };
  visit(source);
  const [call] = calls;
  if (call === undefined || leftOut.length > 0) return undefined;
  const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement)).map((statement) => statement.getText());
  return `${imports.join("\n")}\nexport const deployer = ${call.getText()};\n`;
}

/** Names that a sample does not explain, and modules that are not ours, are the reader's own. */
const readersOwn = new Set([2304, 2307, 2552, 2582, 18004, 7006, 7031, 7028, 7005, 7034]);

/** What the compiler says against samples as parts of an example, which finds all packages. */
function problemsOf(samples: readonly { readonly name: string; readonly block: string }[]): readonly string[] {
  const example = join(root, "examples/quickstart");
  const config = ts.getParsedCommandLineOfConfigFile(
    join(example, "tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (config === undefined) throw new Error("the example has no configuration");
  const files = new Map(
    samples.map(({ name, block }, index) => [join(example, `sample-${index}.ts`), { name, block: `${block}\nexport {};\n` }]),
  );
  const host = ts.createCompilerHost(config.options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path)?.block ?? readFile(path);
  host.getSourceFile = (path, options, ...rest) => {
    const sample = files.get(path);
    return sample === undefined ? getSourceFile(path, options, ...rest) : ts.createSourceFile(path, sample.block, options);
  };
  const program = ts.createProgram({
    rootNames: [...files.keys()],
    options: { ...config.options, noEmit: true, composite: false, incremental: false, noUnusedLocals: false, noUnusedParameters: false },
    host,
  });
  return [...files].flatMap(([path, { name }]) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(
        ({ code, messageText }) =>
          !readersOwn.has(code) || (code === 2307 && ts.flattenDiagnosticMessageText(messageText, " ").includes("@fairlead/")),
      )
      .map(({ code, messageText, start = 0 }) => {
        const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
        return `${name}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")} (${code})`;
      });
  });
}

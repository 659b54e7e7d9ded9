import type { Found, Layout } from "./layout.js";

const named = /^([VURB])([\d._]*)__(.+)\.sql$/;

/** Flyway: `V1_2__users.sql`, what takes it back in `U1_2__users.sql`, and `R__views.sql`, which run again whenever they have changed, behind the others. */
export const flywayLayout: Layout = ({ files, text }) => {
  const read = files.flatMap((file) => {
    const [, kind = "", version = "", description = ""] = named.exec(file) ?? [];
    return kind === "" || (kind === "R") !== (version === "") ? [] : [{ kind, version, description, file }];
  });
  if (read.length === 0) return undefined;
  const found = ({ file }: { readonly file: string }): Found => {
    const settings = `${file}.conf`;
    const alone = files.includes(settings) && /^\s*executeInTransaction\s*=\s*false/im.test(text(settings));
    return { id: file.slice(0, -".sql".length), file, alone, tools: ["Flyway"], placeholders: true };
  };
  const versioned = read.filter(({ kind }) => kind === "V").sort((one, other) => compareVersions(one.version, other.version));
  const repeatable = read.filter(({ kind }) => kind === "R").sort((one, other) => (one.description < other.description ? -1 : 1));
  return [
    ...versioned.map((one) => {
      const down = read.find(({ kind, version }) => kind === "U" && compareVersions(version, one.version) === 0);
      return { ...found(one), ...(down === undefined ? {} : { down: down.file }) };
    }),
    ...repeatable.map((one) => ({ ...found(one), repeatable: true })),
  ];
};

/** `1.10` comes behind `1.9`, and `1.0` is `1`. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [left, right] = [first[index] ?? 0n, second[index] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function partsOf(version: string): readonly bigint[] {
  return version
    .split(/[._]/)
    .filter((part) => part !== "")
    .map(BigInt);
}

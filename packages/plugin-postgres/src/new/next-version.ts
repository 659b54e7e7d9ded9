/** How the versions of a folder are counted: a sequence padded to a width, or a moment in one of the forms that tools write. */
const moments: readonly { readonly digits: number; readonly of: (at: Date) => bigint }[] = [
  { digits: 17, of: (at) => BigInt(at.toISOString().replaceAll(/\D/g, "")) },
  { digits: 14, of: (at) => BigInt(at.toISOString().replaceAll(/\D/g, "").slice(0, 14)) },
  { digits: 13, of: (at) => BigInt(at.getTime()) },
  { digits: 12, of: (at) => BigInt(at.toISOString().replaceAll(/\D/g, "").slice(0, 12)) },
  { digits: 10, of: (at) => BigInt(Math.floor(at.getTime() / 1_000)) },
];

const firstVersion = "0001";

/** The digits of the next version behind these, written as the last one is; always greater than each of them. */
export function nextVersion(before: readonly string[], at: Date): string {
  const last = greatestOf(before);
  if (last === undefined) return firstVersion;
  const behind = BigInt(last) + 1n;
  const moment = moments.find(({ digits }) => digits === last.length)?.of(at);
  const next = moment === undefined || moment < behind ? behind : moment;
  return next.toString().padStart(last.length, "0");
}

function greatestOf(versions: readonly string[]): string | undefined {
  return versions.reduce<string | undefined>((last, one) => (last === undefined || BigInt(one) > BigInt(last) ? one : last), undefined);
}

/** `2026-11-21-093000`, as Diesel writes it, of `20261121093000`. */
export function withDashes(version: string): string {
  return version.replace(/^(\d{4})(\d{2})(\d{2})(\d{6})$/, "$1-$2-$3-$4");
}

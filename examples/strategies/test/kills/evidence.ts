import type { Json } from "@fairlead/core";
import type { EdgeEmulator, RequestRecord } from "@fairlead/testing/emulators";

/** What an edge has seen of one deployment of `shop:2` over `shop:1`, in words that are the same in every run. */
export interface Evidence {
  /** Each effect by its key, its kind and what exactly it was. */
  readonly effects: readonly string[];
  /** What each service is like afterwards. */
  readonly services: readonly ServiceEvidence[];
  /** Requests that reached the edge once more, each with its key. Who looks before it acts asks for nothing that is there. */
  readonly repeated: readonly string[];
}

export interface ServiceEvidence {
  readonly service: string;
  /** `1` is the first upstream that it ever had. */
  readonly upstreams: readonly string[];
  readonly primary: string;
  readonly shift: string;
}

/** Reads it from the ledger and the state in the edge's own process. */
export async function readEvidence(edge: EdgeEmulator): Promise<Evidence> {
  const [ledger, state] = await Promise.all([edge.ledger(), edge.state()]);
  const numbers = new Map<string, string>();
  for (const { kind, subject, details } of ledger.effects) {
    const [id, made] = [wordOf(details["upstream"]), ledger.effects.filter((other) => other.kind === kind && other.subject === subject)];
    if (kind === "upstream.written") numbers.set(id, String(made.findIndex((other) => other.details["upstream"] === id) + 1));
  }
  const keys = ledger.effects.map(({ details }) => wordOf(details["key"]));
  const first = deploymentOf(keys[0] ?? "");
  const numbered = (value: string): string => numbers.get(value) ?? value;
  return {
    effects: ledger.effects.flatMap(({ kind, details: { key, ...details } }) => {
      const [deployment, step] = wordOf(key).split("/");
      if (deployment === first) return [];
      const what = Object.entries(details).map(([name, value]) => `${name}=${numbered(wordOf(value))}`);
      return [[step, kind, ...what].join(" ")];
    }),
    services: state.services
      .map(({ service, upstreams, primary = "none", shift }) => ({
        service: service.split(".").slice(1).join("."),
        upstreams: Object.keys(upstreams).map(numbered).sort(),
        primary: numbered(primary),
        shift: shift === undefined ? "closed" : `${numbered(shift.stable)} ${numbered(shift.candidate)}`,
      }))
      .sort((one, other) => one.service.localeCompare(other.service)),
    repeated: repeatedIn(ledger.requests.filter(({ method }) => method !== "GET")),
  };
}

function repeatedIn(requests: readonly RequestRecord[]): readonly string[] {
  const words = requests.map(
    ({ method, path, headers, body }) => `${headers["idempotency-key"] ?? ""}: ${method} ${path} ${body.text ?? ""}`,
  );
  return words.filter((word, index) => words.indexOf(word) !== index);
}

function wordOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function deploymentOf(key: string): string {
  return key.split("/")[0] ?? "";
}

/** How many effects came to be once more than once. */
export function effectsTwice({ effects }: Pick<Evidence, "effects">): number {
  return effects.length - new Set(effects).size;
}

/** How much of a deployment is still there: its upstreams, its shift, and that it serves. */
export function effectsLeft({ services }: Pick<Evidence, "services">): number {
  return services.reduce(
    (sum, { upstreams, primary, shift }) =>
      sum + upstreams.filter((upstream) => upstream !== "1").length + (primary === "1" ? 0 : 1) + (shift === "closed" ? 0 : 1),
    0,
  );
}

import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Deployer } from "./types.js";

/** What a method is given: a text, or an object in which these have to be texts, or may only be texts. */
type Given =
  | { readonly text: string; readonly optional?: boolean }
  | { readonly needs?: readonly string[]; readonly texts?: readonly string[]; readonly optional?: boolean };

const environment: Given = { text: "the name of an environment" };
const deployment: Given = { text: "the id of a deployment" };
const wish: Given = { needs: ["environment"] };
const word: Given = { needs: ["deploymentId"] };
const query: Given = { texts: ["environment"], optional: true };

const calls = {
  ...{ status: environment, statusPage: environment, doctor: environment, health: environment },
  validate: { ...environment, optional: true },
  ...{ deployment, explain: deployment, logs: deployment, requested: deployment },
  ...{ plan: wish, deploy: wish, request: wish, rollback: wish, adopt: wish, freeze: wish, unfreeze: wish, unpin: wish, redeliver: wish },
  ...{ abort: word, pause: word, resume: word, advance: word, advanceAll: word, approve: word, reject: word, release: word },
  ...{ takeBack: word, retry: word, abandon: word },
  ...{
    recover: query,
    pendingRequests: query,
    history: query,
    statistics: query,
    exportJournal: query,
    verifyJournal: query,
    messages: query,
    prune: query,
  },
  ...{ changes: { texts: ["deploymentId", "environment", "to"] }, outlook: wish, runCommand: {} },
} as const satisfies Partial<Record<keyof Deployer, Given>>;

type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** Refuses with `CALL_INVALID` what no type check has kept from being called, before anything is read or done: a text where an object belongs would mean every environment. */
export function wellCalled(deployer: Deployer): Deployer {
  const methods: Readonly<Record<string, unknown>> = { ...deployer };
  const checked = Object.entries(calls).map(([name, given]) => {
    const method = methods[name] as Method;
    const call: Method = async (...parameters) => {
      const problem = problemOf(given, parameters[0]);
      if (problem !== undefined) throw fail(coreErrors, "CALL_INVALID", { call: name, problem });
      return method(...parameters);
    };
    return [name, call] as const;
  });
  return Object.freeze({ ...deployer, ...(Object.fromEntries(checked) as unknown as Pick<Deployer, keyof typeof calls>) });
}

function problemOf(given: Given, value: unknown): string | undefined {
  if (value === undefined && given.optional === true) return undefined;
  if ("text" in given) return typeof value === "string" ? undefined : `${given.text} is a text, not ${kindOf(value)}`;
  const { needs = [], texts = [] } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `it takes an object${needs.map((name) => ` with \`${name}\``).join("")}, not ${kindOf(value)}`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  const wrong =
    needs.find((name) => typeof members[name] !== "string") ??
    texts.find((name) => members[name] !== undefined && typeof members[name] !== "string");
  return wrong === undefined ? undefined : `\`${wrong}\` is a text, not ${kindOf(members[wrong])}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kind = typeof value;
  return kind === "object" ? "an object" : kind === "string" ? "a text" : `a ${kind}`;
}

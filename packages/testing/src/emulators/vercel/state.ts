import type { JsonObject } from "@fairlead/core";
import type { ParsedVercelOptions } from "./vercel-options.js";
import type { VercelSettings } from "./vercel-settings.js";

export type ReadyState = "QUEUED" | "BUILDING" | "READY" | "ERROR" | "CANCELED" | "BLOCKED";

export interface Deployment {
  readonly id: string;
  /** Its immutable host name. */
  readonly host: string;
  readonly name: string;
  readonly projectId: string;
  readonly target: "production" | "preview";
  readonly source: string;
  readonly meta: Readonly<Record<string, string>>;
  /** Path → sha1 of what was uploaded. */
  readonly files: ReadonlyMap<string, string>;
  readonly outputDirectory: string | undefined;
  readonly variables: readonly string[];
  readonly buildVariables: readonly string[];
  /** Asked for without production domains (`autoAssignCustomDomains: false`). */
  readonly withheld: boolean;
  readonly createdAt: number;
  readonly outcome: VercelSettings["buildOutcome"];
  readonly aliasing: VercelSettings["aliasing"];
  readonly checks: VercelSettings["checks"];
  state: ReadyState;
  /** Production only: whether it ever served production. */
  substate: "STAGED" | "PROMOTED" | undefined;
  buildingAt: number | undefined;
  readyAt: number | undefined;
  canceledAt: number | undefined;
  aliasAssignedAt: number | undefined;
  aliases: string[];
  deleted: boolean;
}

/** A promotion or rollback of a project. */
export interface MoveRequest {
  readonly type: "promote" | "rollback";
  readonly fromDeploymentId: string | null;
  readonly toDeploymentId: string;
  readonly requestedAt: number;
  readonly outcome: VercelSettings["moveOutcome"];
  readonly movedDomains: VercelSettings["movedDomains"];
  status: "pending" | "in-progress" | "succeeded" | "failed" | "skipped";
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Production domains, `<name>.vercel.app` first. */
  domains: string[];
  autoAssignCustomDomains: boolean;
  productionDeploymentId: string | null;
  /** What served production, newest last. */
  servedBefore: string[];
  move: MoveRequest | undefined;
  rollbackDescription: string | undefined;
  settings: JsonObject;
  variables: Variable[];
}

export interface Variable {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly target: readonly string[];
  readonly createdAt: number;
  value: string;
  updatedAt: number;
}

export interface Alias {
  readonly uid: string;
  readonly alias: string;
  readonly deploymentId: string;
  readonly projectId: string;
  readonly createdAt: number;
}

/** Something that will happen by itself when its time has come. */
export interface Due {
  readonly at: number;
  readonly event: "building" | "finished" | "aliased" | "moving" | "moved";
  /** A deployment's or project's id. */
  readonly subject: string;
}

/** Everything that the emulated account holds. Plain data, so that it can be cloned. */
export interface VercelState {
  readonly files: Map<string, Uint8Array>;
  readonly projects: Map<string, Project>;
  readonly deployments: Map<string, Deployment>;
  readonly aliases: Map<string, Alias>;
  agenda: Due[];
  minted: number;
}

export function createVercelState(options: ParsedVercelOptions, now: number): VercelState {
  const state: VercelState = { files: new Map(), projects: new Map(), deployments: new Map(), aliases: new Map(), agenda: [], minted: 0 };
  for (const { name, domains } of options.projects) addProject(state, name, now, domains);
  return state;
}

export function addProject(state: VercelState, name: string, now: number, domains: readonly string[] = []): Project {
  const project: Project = {
    id: mintId(state, "prj_"),
    name,
    createdAt: now,
    updatedAt: now,
    domains: [`${name}.vercel.app`, ...domains],
    autoAssignCustomDomains: true,
    productionDeploymentId: null,
    servedBefore: [],
    move: undefined,
    rollbackDescription: undefined,
    settings: {},
    variables: [],
  };
  state.projects.set(project.id, project);
  return project;
}

export function findProject(state: VercelState, idOrName: string): Project | undefined {
  return state.projects.get(idOrName) ?? [...state.projects.values()].find(({ name }) => name === idOrName);
}

/** By id, by host name or by an alias. What was deleted is not found. */
export function findDeployment(state: VercelState, idOrHost: string): Deployment | undefined {
  const host = idOrHost.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  const aliased = state.aliases.get(host)?.deploymentId;
  const found =
    state.deployments.get(idOrHost) ??
    (aliased === undefined ? undefined : state.deployments.get(aliased)) ??
    [...state.deployments.values()].find((one) => one.host === host);
  return found?.deleted === true ? undefined : found;
}

const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** An id that looks like Vercel's. The same run mints the same ids, so that journals of two runs can be compared. */
export function mintId(state: VercelState, prefix: string, length = 24): string {
  state.minted += 1;
  return prefix + scramble(state.minted, length, letters);
}

/** Like `mintId`, of lower case letters and digits. */
export function mintHash(state: VercelState): string {
  state.minted += 1;
  return scramble(state.minted, 9, "0123456789abcdefghijklmnopqrstuvwxyz");
}

function scramble(seed: number, length: number, alphabet: string): string {
  let word = Math.imul(seed, 0x9e3779b1) >>> 0;
  let text = "";
  while (text.length < length) {
    word ^= word << 13;
    word ^= word >>> 17;
    word = (word ^ (word << 5)) >>> 0;
    text += alphabet.charAt(word % alphabet.length);
  }
  return text;
}

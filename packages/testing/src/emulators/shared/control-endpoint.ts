import { fail, toMilliseconds, type Json, type JsonObject } from "@fairlead/core";
import * as z from "zod";
import { durationSchema } from "./duration-schema.js";
import { emulatorErrors } from "./emulator-errors.js";
import { faultSchema } from "./fault.js";
import type { EmulatorFrame } from "./http-exchange.js";
import { jsonAnswer, readJson, type ControlledState, type ProviderAnswer, type ProviderCall } from "./provider.js";

/** Where every emulator is controlled. */
export const controlPrefix = "/__emulator/";

const advanceSchema = z.strictObject({ by: durationSchema });
const resetSchema = z.strictObject({ snapshot: z.string().optional() }).optional();
const releaseSchema = z.strictObject({ id: z.string().optional() }).optional();

/** Answers the calls below `/__emulator/`. They are never numbered and never meet a fault. */
export function createControlEndpoint(frame: EmulatorFrame, state: ControlledState): (call: ProviderCall) => Promise<ProviderAnswer> {
  const snapshots = new Map<string, unknown>();
  const reset = (snapshot: string | undefined): void => {
    if (snapshot !== undefined && !snapshots.has(snapshot)) throw fail(emulatorErrors, "EMULATOR_SNAPSHOT_UNKNOWN", { snapshot });
    frame.faults.remove();
    // What is held belongs to the run that ends: it must not act on the state of the next one.
    frame.held.drop();
    frame.ledger.clear();
    state.restore(snapshot === undefined ? undefined : snapshots.get(snapshot));
  };
  const calls: Readonly<Record<string, (body: unknown, call: ProviderCall) => Json | Promise<Json>>> = {
    "GET ledger": () => toJson({ ...frame.ledger.read(), ...state.ledger() }),
    "GET state": () => state.state(),
    "GET faults": () => toJson(frame.faults.list()),
    "POST faults": (body) => ({ id: frame.faults.add(faultSchema.parse(body)) }),
    "DELETE faults": (_body, { query }) => {
      frame.faults.remove(query.get("id") ?? undefined);
      return {};
    },
    "GET held": async (_body, { query }) => toJson(await frame.held.wait(Number(query.get("wait") ?? "0"))),
    "POST release": (body) => ({ released: frame.held.release(releaseSchema.parse(body)?.id) }),
    "POST clock": (body) => {
      frame.clock.advance(toMilliseconds(advanceSchema.parse(body).by));
      return { now: frame.clock.now() };
    },
    "POST settings": async (body) => state.configure(body ?? {}),
    "POST snapshot": () => {
      const snapshot = `snapshot-${String(snapshots.size + 1)}`;
      snapshots.set(snapshot, state.snapshot());
      return { snapshot };
    },
    "POST reset": (body) => {
      reset(resetSchema.parse(body)?.snapshot);
      return {};
    },
  };
  return async (call) => {
    const name = call.path.slice(controlPrefix.length);
    const body = call.body.byteLength === 0 ? undefined : readJson(call.body);
    try {
      const answer = (await calls[`${call.method} ${name}`]?.(body, call)) ?? (await state.extra?.(`${call.method} ${name}`, body));
      return answer === undefined ? jsonAnswer(404, { reason: "there is no such call" }) : jsonAnswer(200, answer);
    } catch (error) {
      return jsonAnswer(400, { reason: reasonOf(error) });
    }
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function toJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

import type { Count } from "./account.js";
import type { GuardrailOptions } from "./options.js";

/** How a candidate stands against its guardrail: requests since the last full sample, and how many full ones in a row were above. */
export interface GuardrailState extends Count {
  readonly inRow: number;
}

export const beforeGuardrail: GuardrailState = { requests: 0, events: 0, inRow: 0 };

/** Adds what the candidate did. A sample is full as soon as it holds enough requests, so that one request that failed is no outage. */
export function passGuardrail(state: GuardrailState, count: Count, guardrail: Required<GuardrailOptions>): GuardrailState {
  const requests = state.requests + count.requests;
  const events = state.events + count.events;
  if (requests < guardrail.requests) return { requests, events, inRow: state.inRow };
  return { requests: 0, events: 0, inRow: events / requests > guardrail.rate ? state.inRow + 1 : 0 };
}

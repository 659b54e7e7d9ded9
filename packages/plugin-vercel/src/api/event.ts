import * as z from "zod";

/** A line of what a deployment said. */
export interface VercelEvent {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

const schema = z.looseObject({
  type: z.string(),
  created: z.number().optional(),
  date: z.number().optional(),
  text: z.string().optional(),
  // Older versions of the API nest it.
  payload: z.looseObject({ text: z.string().optional(), date: z.number().optional() }).optional().catch(undefined),
});

/** Reads an event; `undefined` for one without text or time. */
export function readEvent(json: unknown): VercelEvent | undefined {
  const { data } = schema.safeParse(json);
  const at = data?.created ?? data?.date ?? data?.payload?.date;
  const text = data?.text ?? data?.payload?.text;
  return data === undefined || at === undefined || text === undefined ? undefined : { type: data.type, at, text };
}

import type { StoredEvent } from "@fairlead/core";
import { createMessageSink, createSmtpInbox, type MessageSink, type SmtpInbox } from "@fairlead/testing/emulators";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findClosedPort } from "./closed-port.js";
import { runCourse, type Course, type Weather } from "./channels-down/course.js";

let sink: MessageSink;
let inbox: SmtpInbox;
let closedPort: number;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  sink = await createMessageSink().listen();
  inbox = await createSmtpInbox().listen();
  closedPort = await findClosedPort();
});
beforeEach(async () => {
  await Promise.all([sink.reset(), inbox.reset()]);
});
afterAll(async () => {
  vi.useRealTimers();
  await sink.stop();
  await inbox.stop();
});

/** The course in this weather, and what arrived in the end. */
async function observe(weather: Weather) {
  const course = await runCourse({ sink, inbox, closedPort }, weather);
  return { course, ...withoutIds({ journals: course.journals, arrived: await arrivals() }) };
}

describe.for(["refusing", "hanging"] as const)("all channels are %s", (weather) => {
  test("the journals are those of channels that work, event for event, and the same messages arrive when they do", async () => {
    const working = await observe("working");
    await Promise.all([sink.reset(), inbox.reset()]);
    const down = await observe(weather);

    expect(working.course).toMatchObject({
      phases: ["succeeded", "rolled_back"],
      waiting: 0,
      tries: [],
      dead: 0,
    } satisfies Partial<Course>);
    expect(typesOf(working.journals, "deployment")).toContain("rollback.started");
    expect(down.course).toMatchObject({ phases: ["succeeded", "rolled_back"], waiting: 20, dead: 0 } satisfies Partial<Course>);
    expect(down.course.tries).toHaveLength(8);
    // One that hangs may have its first try until the end.
    expect(Math.min(...down.course.tries)).toBeGreaterThan(weather === "refusing" ? 1 : 0);
    expect(down.journals).toEqual(working.journals);
    // Five seconds, and what a busy machine adds.
    expect(down.course.closing).toBeLessThanOrEqual(30_000);

    expect(working.arrived).toHaveLength(20);
    expect(down.arrived).toEqual(working.arrived);
  });
});

/** Every message as a person reads it, in the order in which each channel was told about each deployment. */
async function arrivals(): Promise<readonly { readonly channel: string; readonly text: string }[]> {
  const [{ messages }, { messages: mails }] = await Promise.all([sink.ledger(), inbox.ledger()]);
  const all = [
    ...messages.map(({ channel, text, duplicate }) => ({ channel: duplicate ? `${channel}, again` : channel, text })),
    ...mails.map(({ subject, text, duplicate }) => ({ channel: duplicate ? "email, again" : "email", text: `${subject}\n${text}` })),
  ];
  const laneOf = ({ channel, text }: (typeof all)[number]): string => `${channel}/${/dep_\w+/.exec(text)?.[0] ?? ""}`;
  return all.sort((left, right) => laneOf(left).localeCompare(laneOf(right)));
}

function typesOf(events: readonly StoredEvent[], stream: string): readonly string[] {
  return events.filter((event) => event.stream.startsWith(`${stream}/`)).map(({ type }) => type);
}

const ids = /(?:dep|rel)_[0-9a-z]{26}|msg_[0-9a-f]{32}/g;

/** The same with a number for every id, in the order of their appearance. Hashes cover the ids, and go. */
function withoutIds<Value>(value: Value): Value {
  const text = JSON.stringify(value, (key, member: unknown) => (key === "hash" ? undefined : member));
  const names = [...new Set(text.match(ids))];
  return JSON.parse(text.replaceAll(ids, (id) => `${id.slice(0, 3)} ${String(names.indexOf(id))}`)) as Value;
}

import Docker from "dockerode";
import { text } from "node:stream/consumers";

/** What a Docker engine did to a container, by its own record. */
export interface EngineRecord {
  readonly action: string;
  readonly container: string;
  readonly release: string | undefined;
  readonly exitCode: string | undefined;
}

/** What the engine did to the containers of an application since then. Times are milliseconds since the epoch. */
export async function readEngineRecords(socketPath: string, application: string, since: number): Promise<readonly EngineRecord[]> {
  const stream = await new Docker({ socketPath }).getEvents({
    since: since / 1_000,
    until: Date.now() / 1_000,
    filters: { type: ["container"], event: ["create", "start", "die", "destroy"], label: [`fairlead.application=${application}`] },
  });
  const lines = (await text(stream)).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const {
      Action,
      Actor,
    }: { readonly Action: string; readonly Actor: { readonly ID: string; readonly Attributes: NodeJS.Dict<string> } } = JSON.parse(line);
    return { action: Action, container: Actor.ID, release: Actor.Attributes["fairlead.release"], exitCode: Actor.Attributes["exitCode"] };
  });
}

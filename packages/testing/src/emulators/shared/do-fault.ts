import { setTimeout as sleep } from "node:timers/promises";
import { toMilliseconds } from "@fairlead/core";
import type { StatusFault, WrittenFault } from "./fault.js";

/** What a fault can do with one request, whatever the protocol. */
export interface FaultScene<Answer> {
  act(): Promise<Answer>;
  /** The provider's own way to say the status. */
  refuse(fault: StatusFault): Answer;
  /** Resolves with true when the response is released, with false when it is dropped. */
  hold(acted: boolean): Promise<boolean>;
  /** Resets the connection. */
  reset(): void;
  /** Closes the connection in order. */
  end(): void;
}

/** Does the fault. Returns what is to be answered, if anything is. */
export async function doFault<Answer>(fault: WrittenFault, scene: FaultScene<Answer>): Promise<Answer | undefined> {
  switch (fault.kind) {
    case "status":
      return scene.refuse(fault);
    case "status-after":
      await scene.act();
      return scene.refuse(fault);
    case "delay": {
      const answer = await scene.act();
      await sleep(toMilliseconds(fault.delay));
      return answer;
    }
    case "reset-before":
      scene.reset();
      return undefined;
    case "reset-after":
      await scene.act();
      scene.reset();
      return undefined;
    case "lost-response":
      await scene.act();
      scene.end();
      return undefined;
    case "hang":
      return undefined;
    case "hang-after":
      await scene.act();
      return undefined;
    case "hold": {
      const answer = await scene.act();
      if (await scene.hold(true)) return answer;
      scene.reset();
      return undefined;
    }
    case "hold-before":
      if (await scene.hold(false)) return scene.act();
      scene.reset();
      return undefined;
  }
}

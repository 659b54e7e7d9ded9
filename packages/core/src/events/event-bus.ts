import { EventEmitter } from "eventemitter3";

/** Listeners for the events of one deployer. */
export interface EventBus<Events extends object> {
  /** Adds a listener and returns the function that removes it. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => unknown): () => void;
  /** Adds a listener for every event. */
  onAny(listener: (event: Events[keyof Events]) => unknown): () => void;
  /** Whether anybody would hear this event. */
  hears(name: keyof Events & string): boolean;
  /** Calls the listeners. Never throws and never waits. */
  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): void;
}

/**
 * Listeners are isolated: one that throws, or whose promise rejects, is reported to `onListenerError` and disturbs neither the other listeners nor the caller.
 */
export function createEventBus<Events extends object>(onListenerError: (error: unknown, event: string) => void): EventBus<Events> {
  const emitter = new EventEmitter<{ any: [string, unknown]; [name: string]: [string, unknown] }>();
  const isolate = (listener: (event: never) => unknown) => (name: string, event: unknown) => {
    try {
      const returned = listener(event as never);
      if (returned instanceof Promise)
        returned.catch((error: unknown) => {
          onListenerError(error, name);
        });
    } catch (error) {
      onListenerError(error, name);
    }
  };
  const add = (key: string, listener: (event: never) => unknown): (() => void) => {
    const isolated = isolate(listener);
    emitter.on(key, isolated);
    return () => void emitter.off(key, isolated);
  };
  return {
    on: (name, listener) => add(`on:${name}`, listener),
    onAny: (listener) => add("any", listener),
    hears: (name) => emitter.listenerCount(`on:${name}`) + emitter.listenerCount("any") > 0,
    emit: (name, event) => {
      emitter.emit(`on:${name}`, name, event);
      emitter.emit("any", name, event);
    },
  };
}

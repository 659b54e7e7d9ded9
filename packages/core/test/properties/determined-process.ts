import { graveyard } from "./play.js";

/** In place of `engine/process-identity.js`: a process is who it is called, and dead when a script has killed it. */
export const currentProcess = (name: string) => ({ name, host: "host", pid: 1, boot: "boot", started: name });
export const isProvenDead = ({ name }: { readonly name: string }): boolean => graveyard.has(name);

import { masked } from "./mask.js";
import type { Findings } from "./scanner.js";

/** Redacts a text that arrives in pieces. What comes out, put together, is what `text` makes of the whole, wherever the pieces were cut. */
export interface RedactingStream {
  /** Takes a piece and gives back what can be told by now: all but an end that may turn out to be part of a secret. Bytes are UTF-8, and may be cut inside of a character. */
  write(chunk: string | Uint8Array): string;
  /** Gives back the rest. */
  end(): string;
}

export function createRedactingStream(find: (text: string, final: boolean) => Findings): RedactingStream {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let pending = "";
  const advance = (final: boolean) => {
    const { ranges, settled } = find(pending, final);
    const told = masked(
      pending.slice(0, settled),
      ranges.filter(({ end }) => end <= settled),
    );
    pending = pending.slice(settled);
    return told;
  };
  return {
    write(chunk) {
      pending += typeof chunk === "string" ? decoder.decode() + chunk : decoder.decode(chunk, { stream: true });
      return pending === "" ? "" : advance(false);
    },
    end() {
      pending += decoder.decode();
      return advance(true);
    },
  };
}

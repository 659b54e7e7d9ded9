/** Where the command line writes; `process.stdout` is one. */
export interface CliStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, written?: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** A stream whose reader may go away at any time. */
export interface GuardedStream {
  write(text: string): void;
  /** Resolves when everything has been handed over, or never will be; from then on the stream is left alone. */
  release(): Promise<void>;
}

/** A reader that has gone (`deploy | head`, a terminal that was closed) is no reason to stop: what can no longer be written is dropped. */
export function guardStream(stream: CliStream): GuardedStream {
  let gone = false;
  const onError = (): void => {
    gone = true;
  };
  stream.on("error", onError);
  return {
    write(text) {
      if (!gone) stream.write(text);
    },
    async release() {
      await new Promise<void>((resolve) => {
        if (gone) resolve();
        else
          stream.write("", () => {
            resolve();
          });
      });
      stream.off("error", onError);
    },
  };
}

import { Writable } from "node:stream";

/** A stream that keeps what is written to it. */
export class CapturedStream extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  text = "";

  constructor(options: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number } = {}) {
    super({ decodeStrings: false });
    this.isTTY = options.isTTY ?? false;
    this.columns = options.columns;
    this.rows = options.rows;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

/** A pipe whose reader goes away after some lines. */
export class BrokenStream extends CapturedStream {
  readonly #lines: number;

  constructor(lines: number) {
    super();
    this.#lines = lines;
  }

  override _write(chunk: unknown, _encoding: string, done: (error?: Error) => void): void {
    if (this.text.split("\n").length > this.#lines) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      return;
    }
    this.text += String(chunk);
    done();
  }
}

type EmitWarning = typeof process.emitWarning;

/** Node 22 says once that `node:sqlite` is experimental. Keeps that sentence, and no other, from the terminal until the returned function is called. */
export function silenceSqliteWarning(target: { emitWarning: EmitWarning }): () => void {
  const original = target.emitWarning;
  const filtered = function (this: unknown, warning: string | Error, ...rest: unknown[]): void {
    const text = typeof warning === "string" ? warning : warning.message;
    if (text.startsWith("SQLite is an experimental feature")) return;
    Reflect.apply(original, target, [warning, ...rest]);
  } as EmitWarning;
  target.emitWarning = filtered;
  return () => {
    if (target.emitWarning === filtered) target.emitWarning = original;
  };
}

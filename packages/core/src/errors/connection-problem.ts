/** The system's code of a connection that failed, such as `ECONNREFUSED`: it hides in causes. `no connection` where there is none. Nothing of a message, which may quote an address. */
export function connectionProblem(error: unknown): string {
  for (let cause: unknown = error; typeof cause === "object" && cause !== null; cause = "cause" in cause ? cause.cause : undefined) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "no connection";
}

import { doFault } from "../shared/do-fault.js";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import { toBodyRecord } from "../shared/ledger.js";

/** A reply to an SMTP command: positive, or a refusal with its code. */
export interface SmtpReply {
  readonly code: number;
  readonly message?: string;
}

/** One SMTP command on its way through the ledger and the faults. */
export interface SmtpCommand {
  readonly name: "CONNECT" | "AUTH" | "MAIL" | "RCPT" | "DATA";
  /** The address or the user that it names. */
  readonly argument: string;
  readonly authorized: boolean;
  readonly body?: Uint8Array;
  /** What the server does if nothing keeps it from it. */
  act(request: number): Promise<SmtpReply>;
  reset(): void;
  end(): void;
}

/** Takes a command through. Returns the reply, or nothing where none is given. */
export async function takeCommand(frame: EmulatorFrame, command: SmtpCommand): Promise<SmtpReply | undefined> {
  const operation = `smtp.${command.name.toLowerCase()}`;
  const record = frame.ledger.open({
    at: frame.clock.now(),
    operation,
    method: command.name,
    path: command.argument,
    query: {},
    headers: {},
    authorized: command.authorized,
    body: toBodyRecord(command.body ?? new Uint8Array()),
  });
  const fault = frame.faults.take({ method: command.name, path: command.argument, operation });
  const act = (): Promise<SmtpReply> => command.act(record.number);
  if (fault !== undefined) record.strike(fault.kind);
  const reply =
    fault === undefined
      ? await act()
      : await doFault(fault, {
          act,
          refuse: ({ status, body }) => ({ code: status, message: typeof body === "string" ? body : `Emulated ${String(status)}` }),
          hold: (acted) => frame.held.hold({ request: record.number, operation, acted }),
          reset: () => {
            command.reset();
          },
          end: () => {
            command.end();
          },
        });
  if (reply !== undefined) record.answered(reply.code);
  return reply;
}

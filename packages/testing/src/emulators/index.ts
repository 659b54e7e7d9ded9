export {
  connectVercelEmulator,
  createEmulatorFetch,
  createVercelEmulator,
  startVercelEmulator,
  type SiteRoute,
  type VercelEmulator,
  type VercelEmulatorControl,
  type VercelLedger,
} from "./vercel/vercel-emulator.js";
export type { ServedRecord } from "./vercel/site.js";
export type { VercelEmulatorOptions } from "./vercel/vercel-options.js";
export type { VercelSettings } from "./vercel/vercel-settings.js";
export type { VercelView } from "./vercel/vercel-view.js";
export {
  connectMessageSink,
  createMessageSink,
  startMessageSink,
  type MessageLedger,
  type MessageSink,
  type MessageSinkControl,
  type MessageSinkView,
} from "./messages/message-sink.js";
export type { MessageRecord } from "./messages/message-log.js";
export type { ChannelState, MessageSinkOptions, MessageSinkSettings } from "./messages/message-options.js";
export {
  connectSmtpInbox,
  createSmtpInbox,
  startSmtpInbox,
  type SmtpInbox,
  type SmtpInboxControl,
  type SmtpInboxView,
  type SmtpLedger,
} from "./smtp/smtp-inbox.js";
export type { MailRecord } from "./smtp/mail-log.js";
export type { SmtpInboxOptions, SmtpInboxSettings } from "./smtp/smtp-options.js";
export {
  connectEdgeEmulator,
  createEdgeEmulator,
  startEdgeEmulator,
  type EdgeEmulator,
  type EdgeEmulatorControl,
  type EdgeLedger,
  type EdgeServiceView,
  type EdgeView,
} from "./edge/edge-emulator.js";
export type { EdgeEmulatorOptions, EdgeSettings } from "./edge/edge-options.js";
export type { EdgeShift } from "./edge/edge-state.js";
export {
  connectKubernetesEmulator,
  createKubernetesEmulator,
  startKubernetesEmulator,
  type KubernetesEmulator,
  type KubernetesEmulatorControl,
  type KubernetesView,
} from "./kubernetes/kubernetes-emulator.js";
export type { KubernetesEmulatorOptions, KubernetesSettings } from "./kubernetes/kubernetes-options.js";
export { installKubectlEmulator } from "./kubectl/install-kubectl-emulator.js";
export { installTerraformEmulator } from "./terraform/install-terraform-emulator.js";
export type { EmulatorControl } from "./shared/control-client.js";
export { emulatorErrors } from "./shared/emulator-errors.js";
export type { Fault, FaultKind, FaultMatch, StatusFault, WrittenFault } from "./shared/fault.js";
export type { SetFault } from "./shared/fault-book.js";
export type { HeldResponse } from "./shared/held-responses.js";
export type { ListenOptions } from "./shared/http-emulator.js";
export type { WrittenExpression } from "./shared/pattern.js";
export type { BodyRecord, Effect, Ledger, RequestRecord } from "./shared/ledger.js";
export type { EmulatorDraft, Stoppable } from "./shared/running-emulator.js";

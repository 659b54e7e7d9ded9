import { join } from "node:path";
import ts from "typescript";
import { docstringOf, nameOf, oneLine, sourcesOf } from "./sources.mjs";

/** @param {ts.Program} program @returns {string} `docs/events.md` */
export function renderEvents(program) {
  const checker = program.getTypeChecker();
  const file = sourceFile(program, "contract/deployment-events.ts");
  const told = toldToChannels(program);
  const envelope = typeNamed(file, "FairleadEventOf");
  const requests = sourceFile(program, "contract/request-events.ts");
  const status = sourceFile(program, "status/status-events.ts");
  /** @param {string} name */
  const events = (name, of = file) =>
    interfaceNamed(of, name)
      .members.filter(ts.isPropertySignature)
      .flatMap((member) => renderEvent(checker, member, { told, appended: appendedIn(program) }));
  return [
    "# Events",
    "",
    "A deployment is its journal: what happened is appended as events, each chained to the one before it by a hash, and everything else is read from them: the state of a deployment, the history, listeners, [JSON lines](command-line.md#json-lines), the messages of channels. An event and what belongs to it (the claim, the messages, what serves) are one commit: none is ever there without the other.",
    "",
    "```ts",
    'import { deployer } from "./deploy.js";',
    "",
    'deployer.on("rollback.started", ({ environment, data }) => log.warn(`${environment}: ${data.error?.message}`)); // what this process appends or reads',
    "deployer.onAny((event) => log.info(event.summary));",
    "",
    'const deployment = await deployer.deployment("dep_…");',
    "for await (const event of deployment.events()) console.log(event.version, event.summary); // from the first one, then those that come, in any process",
    "```",
    "",
    "Names are `noun.past-tense`. Within a version of the format fields may be added: skip what you do not know. Secrets are taken out before an event is appended.",
    "",
    "## What every event has",
    "",
    ...fieldLines(checker, membersOf(envelope)),
    "",
    "## Of a deployment",
    ...events("DeploymentEventData"),
    "",
    "## Of an environment",
    "",
    "The journal of an environment remembers what serves there, across deployments.",
    ...events("EnvironmentEventData"),
    "",
    "## Of a request",
    "",
    "What a process asks for that carries nothing out itself, as the deploy API does, is a journal of its own. It goes with the journal of its deployment; one that was refused goes when it is as old.",
    ...events("RequestEventData", requests),
    "",
    "## Of a status page",
    "",
    "What a [status page](status.md) says is a fold over these, besides the history of its days, which is kept beside them for `retention`.",
    ...events("StatusEventData", status),
    "",
    "## What fields hold",
    "",
    "`Plan`, `Release`, `Candidate` and `SerializedError` are types of `@fairlead/core`; errors are listed in [Errors](errors.md).",
    ...["Actor", "ProcessIdentity", "ServingFact", "DeployedRelease"].flatMap((name) => renderType(checker, file, name)),
    ...["PageFacts", "ComponentFacts"].flatMap((name) => renderType(checker, status, name)),
    "",
    "## Messages",
    "",
    "Events that channels are told of become a message per channel in the same commit. A signed webhook is posted as `{ type, timestamp, data }`: the event's name, when it happened, and the rest of these.",
    "",
    ...fieldLines(checker, interfaceNamed(sourceFile(program, "contract/notifier.ts"), "Notification").members),
    "",
  ].join("\n");
}

/** @param {ts.Program} program @param {string} path within core's sources */
function sourceFile(program, path) {
  const file = program.getSourceFile(join(sourcesOf("core"), path));
  if (file === undefined) throw new Error(`core has no ${path}`);
  return file;
}

/** @param {ts.SourceFile} file @param {string} name */
function interfaceNamed(file, name) {
  const found = file.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === name);
  if (found === undefined) throw new Error(`${file.fileName} has no interface ${name}`);
  return found;
}

/** @param {ts.SourceFile} file @param {string} name */
function typeNamed(file, name) {
  const found = file.statements.filter(ts.isTypeAliasDeclaration).find((one) => one.name.text === name);
  if (found === undefined) throw new Error(`${file.fileName} has no type ${name}`);
  return found;
}

/** The members of the object that a mapped type gives each name. @param {ts.TypeAliasDeclaration} alias */
function membersOf({ type }) {
  if (ts.isIndexedAccessTypeNode(type) && ts.isMappedTypeNode(type.objectType) && type.objectType.type !== undefined) {
    if (ts.isTypeLiteralNode(type.objectType.type)) return type.objectType.type.members;
  }
  throw new Error(`${type.getText()} is not what an event has`);
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.PropertySignature} event
 * @param {{ told: ReadonlyMap<string, string>, appended: ReadonlySet<string> }} facts
 */
function renderEvent(checker, event, { told, appended }) {
  const name = nameOf(event.name);
  const when = docstringOf(event);
  if (when === "") throw new Error(`The event ${name} does not say when it is appended`);
  if (!appended.has(name)) throw new Error(`Nothing appends the event ${name}`);
  if (event.type === undefined) throw new Error(`The event ${name} has no data`);
  const severity = told.get(name);
  const fields = checker.getPropertiesOfType(checker.getTypeFromTypeNode(event.type)).flatMap(({ declarations = [] }) => declarations);
  return [
    "",
    `### \`${name}\``,
    "",
    `${when}${severity === undefined ? "" : ` Channels are told (\`${severity}\`).`}`,
    "",
    ...fieldLines(checker, fields),
  ];
}

/** @param {ts.TypeChecker} checker @param {ts.SourceFile} file @param {string} name */
function renderType(checker, file, name) {
  const declaration = interfaceNamed(file, name);
  return ["", `### ${name}`, "", docstringOf(declaration), "", ...fieldLines(checker, declaration.members)];
}

/** @param {ts.TypeChecker} checker @param {Iterable<ts.Declaration>} fields */
function fieldLines(checker, fields) {
  return [...fields].filter(ts.isPropertySignature).map((field) => {
    const says = docstringOf(field);
    return `- \`${nameOf(field.name)}\` \`${typeText(checker, field)}\`${field.questionToken === undefined ? "" : ", optional"}${says === "" ? "" : `: ${says}`}`;
  });
}

/** A type as it is written; a choice between words with its words. @param {ts.TypeChecker} checker @param {ts.PropertySignature} field */
function typeText(checker, { type }) {
  if (type === undefined) throw new Error("A field has no type");
  const meant = checker.getTypeFromTypeNode(type);
  if (meant.flags & ts.TypeFlags.TypeParameter) return "string";
  if (ts.isIndexedAccessTypeNode(type)) return "object";
  if (meant.isUnion() && meant.types.every((one) => one.isStringLiteral()))
    return meant.types.map((one) => checker.typeToString(one)).join(" | ");
  return oneLine(type.getText()).replaceAll("readonly ", "");
}

/** Events that channels are told of, with the severity. @param {ts.Program} program @returns {ReadonlyMap<string, string>} */
function toldToChannels(program) {
  const told = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (
      ts.isVariableDeclaration(node) &&
      node.name.getText() === "wordings" &&
      node.initializer !== undefined &&
      ts.isObjectLiteralExpression(node.initializer)
    ) {
      for (const wording of node.initializer.properties.filter(ts.isPropertyAssignment)) {
        const severity = /severity: "(\w+)"/.exec(wording.initializer.getText())?.[1];
        if (severity !== undefined) told.set(nameOf(wording.name), severity);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile(program, "engine/notifications.ts"));
  if (told.size === 0) throw new Error("What channels are told was not found");
  return told;
}

/** Every `type: "…"` that core's sources write, outside of their types. @param {ts.Program} program @returns {ReadonlySet<string>} */
function appendedIn(program) {
  const names = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && nameOf(node.name) === "type" && ts.isStringLiteral(node.initializer))
      names.add(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(sourcesOf("core"))) visit(file);
  return names;
}

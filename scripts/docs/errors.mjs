import { basename } from "node:path";
import ts from "typescript";
import { docstringOf, documentedPackages, nameOf, oneLine, sourcesOf } from "./sources.mjs";

/**
 * @typedef {{ code: string, note: string, message: string, hint: string, status: string, retryable: boolean, data: string[] }} ErrorEntry
 * @typedef {{ title: string, intro: string, entries: ErrorEntry[] }} Catalogue
 */

/** @param {ts.Program} program @returns {string} `docs/errors.md` */
export function renderErrors(program) {
  const catalogues = documentedPackages.flatMap((name) => cataloguesOf(program, name));
  return [
    "# Errors",
    "",
    "Every error has a `code`, a `message` that says what happened with the values in it, a `hint` that says what to do, the HTTP `status` that it is answered with, and `data`, the values as JSON. Match it by its code, never by its class, because errors come back from the journal:",
    "",
    "```ts",
    'import { isFairleadError } from "@fairlead/core";',
    "",
    "try {",
    '  await deployer.deploy({ environment: "production" });',
    "} catch (error) {",
    '  if (!isFairleadError(error, "ENVIRONMENT_BUSY")) throw error;',
    "  console.log(error.data.holder, error.hint);",
    "}",
    "```",
    "",
    "What is **retryable** may succeed if the same is done again unchanged: the engine does that by itself within a step, and waits as long as the other side asked for. Everything else has to be mended first. What the command line ends with is in [its exit codes](command-line.md#exit-codes).",
    "",
    "Below, `{…}` stands for a value of `data`.",
    ...catalogues.flatMap(renderCatalogue),
    "",
  ].join("\n");
}

/** @param {Catalogue} catalogue */
function renderCatalogue({ title, intro, entries }) {
  return ["", `## ${title}`, ...(intro === "" ? [] : ["", intro]), ...entries.flatMap(renderEntry)];
}

/** @param {ErrorEntry} entry */
function renderEntry({ code, note, message, hint, status, retryable, data }) {
  const facts = [
    ...(retryable ? ["**retryable**"] : []),
    `HTTP ${status}`,
    ...(data.length === 0 ? [] : [`data: ${data.map((name) => `\`${name}\``).join(", ")}`]),
  ];
  return [
    "",
    `### \`${code}\``,
    "",
    `> ${escaped(message)}`,
    "",
    ...(note === "" ? [] : [note, ""]),
    `${escaped(hint)}`,
    "",
    facts.join(" · "),
  ];
}

/** What Markdown would read as its own, outside of code. @param {string} text */
function escaped(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll(/[<*]/g, "\\$&")))
    .join("");
}

/** @param {ts.Program} program @param {string} packageName @returns {Catalogue[]} */
function cataloguesOf(program, packageName) {
  const thrown = thrownIn(program);
  const found = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(sourcesOf(packageName)))
    .flatMap((file) => declarationsIn(file).map((declaration) => ({ file, ...declaration })))
    .map(({ name, call, statement, file }) => ({
      name,
      intro: docstringOf(statement),
      entries: entriesOf(program.getTypeChecker(), call, thrown),
      file,
    }))
    .filter(({ entries }) => entries.length > 0)
    // The catalogue that is named like the package comes first.
    .sort(
      (one, other) =>
        Number(other.name === "coreErrors") - Number(one.name === "coreErrors") ||
        basename(one.file.fileName).localeCompare(basename(other.file.fileName)),
    );
  return found.map(({ name, intro, entries }) => ({
    title: `@fairlead/${packageName}${found.length === 1 || name === "coreErrors" ? "" : `: ${name.replace(/Errors$/, "")}`}`,
    intro,
    entries,
  }));
}

/** Codes that the sources name, other than to recognise them. @param {ts.Program} program @returns {ReadonlySet<string>} */
function thrownIn(program) {
  /** @type {Set<string>} */
  const codes = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "isFairleadError") return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken) return;
    if (ts.isStringLiteral(node)) codes.add(node.text);
    ts.forEachChild(node, visit);
  };
  // The table of exit codes lists what others throw.
  const files = program
    .getSourceFiles()
    .filter(({ isDeclarationFile, fileName }) => !isDeclarationFile && basename(fileName) !== "exit-codes.ts");
  for (const file of files) visit(file);
  return codes;
}

/** @param {ts.SourceFile} file @returns {{ name: string, call: ts.CallExpression, statement: ts.Node }[]} constants of it that `defineErrors` makes */
function declarationsIn(file) {
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) =>
      statement.declarationList.declarations.flatMap(({ name, initializer }) =>
        initializer !== undefined && ts.isCallExpression(initializer) && initializer.expression.getText() === "defineErrors"
          ? [{ name: name.getText(), call: initializer, statement }]
          : [],
      ),
    );
}

/** @param {ts.TypeChecker} checker @param {ts.CallExpression} call @param {ReadonlySet<string>} thrown @returns {ErrorEntry[]} its own, without those that it takes over from other catalogues */
function entriesOf(checker, call, thrown) {
  const [catalogue] = call.arguments;
  if (catalogue === undefined || !ts.isObjectLiteralExpression(catalogue)) throw new Error(`${call.getText()} is no list of errors`);
  return catalogue.properties.filter(ts.isPropertyAssignment).map((property) => {
    const { initializer } = property;
    if (!ts.isCallExpression(initializer)) throw new Error(`${property.getText()} is not made by \`error\``);
    const [definition] = initializer.arguments;
    if (definition === undefined || !ts.isObjectLiteralExpression(definition)) throw new Error(`${property.getText()} has no definition`);
    /** @param {string} name */
    const member = (name) => {
      const found = definition.properties.filter(ts.isPropertyAssignment).find((one) => nameOf(one.name) === name);
      if (found === undefined) throw new Error(`${property.getText()} has no ${name}`);
      return found.initializer;
    };
    if (!thrown.has(nameOf(property.name))) throw new Error(`Nothing throws ${nameOf(property.name)}`);
    const [data] = initializer.typeArguments ?? [];
    return {
      code: nameOf(property.name),
      note: docstringOf(property),
      message: oneLine(textOf(member("message"))),
      hint: oneLine(textOf(member("hint"))),
      status: member("status").getText(),
      retryable: member("retryable").kind === ts.SyntaxKind.TrueKeyword,
      data: data === undefined ? [] : checker.getPropertiesOfType(checker.getTypeFromTypeNode(data)).map(({ name }) => name),
    };
  });
}

/** Functions that only put a value into words. */
const wording = new Set(["String", "formatMilliseconds", "JSON.stringify"]);

/**
 * What an expression says, with `{name}` for what is not known before: of two wordings the one for the usual case, which is that there is a value, or several; both where neither is.
 *
 * @param {ts.Expression | ts.ConciseBody} node
 * @returns {string}
 */
function textOf(node) {
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isArrowFunction(node)) return textOf(node.body);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) return `{${node.text}}`;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ expression, literal }) => textOf(expression) + literal.text).join("");
  if (ts.isConditionalExpression(node)) return eitherOf(node);
  if (ts.isPropertyAccessExpression(node) && node.name.text === "length") return "{n}";
  if (ts.isCallExpression(node)) {
    const { expression, arguments: given } = node;
    const [first] = given;
    if (first !== undefined && wording.has(expression.getText())) return textOf(first);
    if (ts.isPropertyAccessExpression(expression) && expression.name.text === "join") return textOf(expression.expression);
    if (ts.isPropertyAccessExpression(expression) && expression.name.text === "map" && first !== undefined && ts.isArrowFunction(first))
      return textOf(first);
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return "{n}";
  throw new Error(`The documentation does not know how to word \`${node.getText()}\` in ${node.getSourceFile().fileName}`);
}

/** @param {ts.ConditionalExpression} node */
function eitherOf({ condition, whenTrue, whenFalse }) {
  const isUnusual = ts.isBinaryExpression(condition) && /^(0|1|"")$/.test(condition.right.getText());
  if (isUnusual) return textOf(whenFalse);
  const [one, other] = [textOf(whenTrue), textOf(whenFalse)];
  if (one === "" || other === "") return `[${one}${other}]`;
  return one.endsWith(".") ? `${one} Or: ${other}` : `${one} / ${other}`;
}

/** A piece of a page, made by `html`: everything that was put into it has been escaped. */
export interface Html {
  readonly markup: string;
}

type Content = string | number | Html | readonly Html[] | null | false;

/** Markup with values between: texts are escaped, pieces are taken as they are, `null` and `false` are nothing. The only way from a text to a page. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return {
    markup: compact(strings)
      .map((text, index) => `${text}${rendered(contents[index] ?? null)}`)
      .join(""),
  };
}

const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Markup is indented for those who read the source; a browser takes a break for a space, and needs none between elements. */
function compact(strings: TemplateStringsArray): readonly string[] {
  let texts = compacted.get(strings);
  if (texts === undefined) {
    texts = strings.map((text) =>
      text
        .replaceAll(/>\s*\n\s*</g, "><")
        .replaceAll(/\s*\n\s*/g, " ")
        .replaceAll(" />", "/>"),
    );
    compacted.set(strings, texts);
  }
  return texts;
}

/** Styles and scripts of ours, which are no text. */
export function trusted(markup: string): Html {
  return { markup };
}

function rendered(content: Content): string {
  if (content === null || content === false) return "";
  if (typeof content === "object") return "markup" in content ? content.markup : content.map(({ markup }) => markup).join("");
  return String(content).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

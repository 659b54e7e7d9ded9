import { html, type Html } from "../../status/page/html.js";

/** So many are listed even where all are asked for. */
const mostOfAll = 1_000;

/**
 * The items of a list, at most so many of them, and how many there are besides: with a link to where the rest is. `whole`: the address at which all are listed; `null` where this is it, `undefined` where there is
 * none. `besides`: how many there are that are not among the items.
 */
export function listed<Item>(
  items: readonly Item[],
  { most, whole, besides = 0 }: { readonly most: number; readonly whole: string | null | undefined; readonly besides?: number },
  render: (item: Item) => Html,
): Html {
  const shown = items.slice(0, whole === null ? mostOfAll : most);
  const left = items.length - shown.length + besides;
  const more = typeof whole === "string" ? html`<a href="${whole}">and ${left} more</a>` : html`and ${left} more`;
  return html`${shown.map((item) => html`<li>${render(item)}</li>`)}${left > 0 && html`<li class="soft">${more}</li>`}`;
}

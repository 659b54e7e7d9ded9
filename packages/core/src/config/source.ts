/** What a component is made from. */
export type Source = { readonly kind: "directory"; readonly path: string } | { readonly kind: "image"; readonly reference: string };

/** One source, of the only component, or sources by component. */
export type Sources<Component extends string = string> = Source | { readonly [Name in Component]?: Source };

/** A folder with built files, relative to where the process runs. Read when a plan is made; everything that its target takes is content, `node_modules` too. */
export function directory(path: string): Source {
  return Object.freeze({ kind: "directory", path });
}

/** A container image, e.g. `registry.example.com/shop/worker:1.4`. What a tag means is looked up when a plan is made, where the target can. */
export function image(reference: string): Source {
  return Object.freeze({ kind: "image", reference });
}

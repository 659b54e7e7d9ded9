/** What the program says on its way out. */
export class KubectlRefusal extends Error {}

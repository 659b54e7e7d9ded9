import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const requireConcurrentPartitionDetach: Rule = {
  id: "require-concurrent-partition-detach",
  elsewhere: ["squawk require-concurrent-partition-detach"],
  concern: "locks",
  sized: true,
  why: "Detaching needs the whole partitioned table for itself.",
  recipe: "`detach partition … concurrently`; there must be no default partition.",
  examples: {
    bad: "alter table days detach partition monday",
    good: "alter table days detach partition monday concurrently",
  },
  check: ({ node }) =>
    alterationsIn(node, "AT_DetachPartition")
      .filter(({ command: { def } }) => !(def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true))
      .map(({ table }) => ({
        what: `detaches a partition under the strongest lock of ${table}`,
        relation: table,
        mend: (text: string) => `${text} concurrently`,
      })),
};

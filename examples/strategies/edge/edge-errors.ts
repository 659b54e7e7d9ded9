import { defineErrors, error } from "@fairlead/core";

export const edgeErrors = defineErrors({
  EDGE_REFUSED: error<{ reason: string }>({
    status: 409,
    retryable: false,
    message: ({ reason }) => `The edge refused: ${reason}.`,
    hint: () => "Read the reason; the same request would be refused again.",
  }),
  EDGE_UNAVAILABLE: error<{ status: number }>({
    status: 503,
    retryable: true,
    message: ({ status }) => (status === 0 ? "The edge cannot be reached." : `The edge cannot answer (${String(status)}).`),
    hint: () => "Look whether it runs.",
  }),
  EDGE_IMAGE_UNKNOWN: error<{ image: string }>({
    status: 404,
    retryable: false,
    message: ({ image }) => `Nothing runs ${image}.`,
    hint: () => "Start it, and name its address in the option `addresses`.",
  }),
});

import { isFairleadError } from "@fairlead/core";

/** Why Vercel's API gave no answer that helps, as the parts of a check's result. Throws what is no error of the catalogue. */
export function apiTrouble(error: unknown): { readonly reason: string; readonly message: string; readonly hint: string } {
  if (!isFairleadError(error)) throw error;
  return { reason: reasons[error.code] ?? "unreachable", message: error.message, hint: error.hint };
}

const reasons: Readonly<Record<string, string>> = {
  VERCEL_TOKEN_REJECTED: "token_rejected",
  VERCEL_SECRET_MALFORMED: "token_rejected",
  VERCEL_FORBIDDEN: "forbidden",
  VERCEL_PROJECT_MISSING: "project_missing",
  VERCEL_REFUSED: "refused",
  VERCEL_ANSWER_UNREADABLE: "answer_unreadable",
};

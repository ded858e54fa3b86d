import { ApiError } from "@/lib/api";
import type { componentsText } from "./text";

/** Returns what to do about an error, in the reader's language. */
export function adviceOn(failure: Error, text: (typeof componentsText)["en"]): string {
  if (!(failure instanceof ApiError)) return text.unknown;
  switch (failure.status) {
    case 0:
      return text.offline;
    case 401:
      return text.signInAgain;
    case 403:
      return text.forbidden;
    case 404:
      return text.gone;
    case 413:
      return text.tooLarge;
    case 422:
      return text.invalid;
    case 429:
      return failure.retryAfter === undefined ? text.tooOftenSoon : text.tooOften(failure.retryAfter);
    case 503:
      return text.busy;
    case 507:
      return text.full;
    default:
      return failure.status >= 500 ? text.fault : text.unknown;
  }
}

/** Returns the server's own message (English), or one line for each invalid field. Empty if the server is unreachable. */
export function detailsOf(failure: Error): string[] {
  if (!(failure instanceof ApiError)) return [failure.message];
  if (failure.status === 0) return [];
  if (failure.fields.length > 0) return failure.fields.map((field) => `${field.loc.replace(/^body\./, "")}: ${field.msg}`);
  return [failure.detail];
}

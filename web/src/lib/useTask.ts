import { useMutation } from "@tanstack/react-query";

/** Runs `work`, and shows its state: `isPending`, `error`, `variables`. For what a form sends, and for work of many calls. */
export function useTask<Result, Input = void>(work: (input: Input) => Promise<Result>, onSuccess?: (result: Result) => void) {
  return useMutation({ mutationFn: work, ...(onSuccess === undefined ? {} : { onSuccess }) });
}

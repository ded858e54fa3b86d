import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useRef } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { useTask } from "@/lib/useTask";
import { Failure } from "./Failure";
import { type RequestForm, focusInvalid } from "./form";
import { componentsText } from "./text";

type Props<Values, Result> = {
  title: string;
  /** Label of the submit button. */
  action: string;
  form: RequestForm<Values>;
  run: (values: Values) => Promise<Result>;
  /** Called with the result after success. The caller closes the dialog. */
  finished: (result: Result) => void;
  close: () => void;
  /** Replaces the general error sentence where it returns one. */
  adviceOn?: (failure: Error) => string | undefined;
  /** False disables the submit button. */
  ready?: boolean;
  /** The form has a sentence for each problem, so the browser shows none. */
  noValidate?: boolean;
  size?: "md" | "xl";
  children: ReactNode;
};

/** A form that sends its input. If that fails, it stays open and shows the error. Render it only while open. */
export function FormDialog<Values, Result>({ title, action, form, run, finished, close, adviceOn, ready = true, noValidate = false, size = "md", children }: Props<Values, Result>) {
  useReturnFocus();
  const text = useText(componentsText);
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const submission = useTask(run, finished);
  const element = useRef<HTMLFormElement>(null);
  const submit = form.onSubmit(
    (values) => submission.mutate(values, { onError: form.markRefused }),
    () => focusInvalid(element.current ?? undefined),
  );
  return (
    <Modal opened onClose={close} title={title} size={size} fullScreen={narrow && size === "xl"} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": text.close }}>
      <form ref={element} onSubmit={submit} noValidate={noValidate}>
        <Stack>
          {children}
          <Failure failure={submission.error} advice={submission.error === null ? undefined : adviceOn?.(submission.error)} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {text.cancel}
            </Button>
            <Button type="submit" loading={submission.isPending} disabled={!ready}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

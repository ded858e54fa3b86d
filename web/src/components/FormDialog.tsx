import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../lib/return-focus";
import { Failure } from "./Failure";
import { componentsText } from "./text";

type Asked<T> = {
  title: string;
  /** The name of what is done, on the button. */
  action: string;
  run: () => Promise<T>;
  /** What was done; in place of closing. */
  finished: (result: T) => void;
  close: () => void;
  /** A better sentence than the general one for what can go wrong here. */
  adviceOn?: (failure: Error) => string | undefined;
  /** Whether what was entered can be sent. */
  ready?: boolean;
  size?: string;
  children: ReactNode;
};

/** Asks for something, sends it, and closes; stays, and says why, where it fails. Rendered while it is open. */
export function FormDialog<T>({ title, action, run, finished, close, adviceOn, ready = true, size = "md", children }: Asked<T>) {
  useReturnFocus();
  const text = useText(componentsText);
  const sent = useMutation({ mutationFn: run, onSuccess: finished });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    sent.mutate();
  };
  return (
    <Modal opened onClose={close} title={title} size={size} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": text.close }}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          <Failure failure={sent.error} advice={sent.error === null ? undefined : adviceOn?.(sent.error)} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {text.cancel}
            </Button>
            <Button type="submit" loading={sent.isPending} disabled={!ready}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

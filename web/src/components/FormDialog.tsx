import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
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
  /** Whether it can be done at all. */
  ready?: boolean;
  /** Looks at what was entered before it is sent, and says what is wrong where it isn't. */
  check?: () => boolean;
  size?: "md" | "xl";
  children: ReactNode;
};

/** Asks for something, sends it, and closes; stays, and says why, where it fails. Rendered while it is open. */
export function FormDialog<T>({ title, action, run, finished, close, adviceOn, ready = true, check, size = "md", children }: Asked<T>) {
  useReturnFocus();
  const text = useText(componentsText);
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const sent = useMutation({ mutationFn: run, onSuccess: finished });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (check === undefined || check()) sent.mutate();
  };
  return (
    <Modal opened onClose={close} title={title} size={size} fullScreen={narrow && size === "xl"} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": text.close }}>
      <form onSubmit={submit} noValidate={check !== undefined}>
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

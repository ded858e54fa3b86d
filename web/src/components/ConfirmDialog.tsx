import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../lib/return-focus";
import { Failure } from "./Failure";
import { componentsText } from "./text";

type Asked = {
  title: string;
  /** The name of what is done, on the button. */
  action: string;
  danger?: boolean;
  /** What has to be typed first: for what can't be undone. */
  typed?: string;
  run: () => Promise<unknown>;
  close: () => void;
  /** Once it is done, in place of closing. */
  finished?: () => void;
  /** What will happen. */
  children: ReactNode;
};

/** Asks before something is done, does it, and closes; stays, and says why, where it fails. Rendered while it is open. */
export function ConfirmDialog({ title, action, danger = false, typed, run, close, finished = close, children }: Asked) {
  useReturnFocus();
  const text = useText(componentsText);
  const [answer, setAnswer] = useState("");
  const done = useMutation({ mutationFn: run, onSuccess: finished });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    done.mutate();
  };
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ "aria-label": text.close }}>
      <form onSubmit={submit}>
        <Stack>
          <div>{children}</div>
          {typed !== undefined && (
            <TextInput label={text.typeToConfirm(typed)} data-autofocus autoComplete="off" value={answer} onChange={(event) => setAnswer(event.currentTarget.value)} />
          )}
          <Failure failure={done.error} />
          <Group justify="end">
            <Button variant="default" onClick={close} {...(typed === undefined && danger ? { "data-autofocus": true } : {})}>
              {text.cancel}
            </Button>
            <Button type="submit" {...(danger ? { color: "red.8" } : {})} loading={done.isPending} disabled={typed !== undefined && answer.trim() !== typed}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

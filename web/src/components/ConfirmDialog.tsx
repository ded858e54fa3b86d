import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { useTask } from "@/lib/useTask";
import { Failure } from "./Failure";
import { useRequestForm } from "./form";
import { componentsText } from "./text";

type Props = {
  title: string;
  /** Label of the confirm button. */
  action: string;
  danger?: boolean;
  /** Text that must be typed before the action is enabled. For actions that can't be undone. */
  typed?: string;
  run: () => Promise<unknown>;
  close: () => void;
  /** Called after success. Default: `close`. */
  finished?: () => void;
  /** Explains the consequences. */
  children: ReactNode;
};

/** Asks for confirmation, runs the action and closes. If the action fails, stays open and shows the error. Render it only while open. */
export function ConfirmDialog({ title, action, danger = false, typed, run, close, finished = close, children }: Props) {
  useReturnFocus();
  const text = useText(componentsText);
  const form = useRequestForm({ initialValues: { typed: "" } });
  const mutation = useTask(run, () => finished());
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ "aria-label": text.close }}>
      <form onSubmit={form.onSubmit(() => mutation.mutate())}>
        <Stack>
          <div>{children}</div>
          {typed !== undefined && (
            <TextInput label={text.typeToConfirm(typed)} data-autofocus autoComplete="off" {...form.getInputProps("typed")} />
          )}
          <Failure failure={mutation.error} />
          <Group justify="end">
            <Button variant="default" onClick={close} {...(typed === undefined && danger ? { "data-autofocus": true } : {})}>
              {text.cancel}
            </Button>
            <Button type="submit" {...(danger ? { color: "red.8" } : {})} loading={mutation.isPending} disabled={typed !== undefined && form.values.typed.trim() !== typed}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

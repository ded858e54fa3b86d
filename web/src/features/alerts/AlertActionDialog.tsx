import { Text, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useToast } from "@/components/Toasts";
import { type AlertAction, canPerform } from "@/lib/alerts/action";
import type { Alert } from "@/lib/alerts/alerts";
import { useAlertAction } from "@/lib/alerts/useAlerts";
import { forEach } from "@/lib/bulk";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { AlertNoteRequestBounds } from "@/lib/requests";
import { alertsText } from "./text";

type Props = { action: AlertAction; alerts: readonly Alert[]; onChanged: (alert: Alert) => void; finished: () => void; close: () => void };

/** Acknowledges or resolves many alerts. Failed ones stay in the dialog for a retry. */
export function AlertActionDialog({ action, alerts, onChanged, finished, close }: Props) {
  const text = useText(alertsText);
  const formats = useFormats();
  const perform = useAlertAction();
  const toast = useToast();
  const form = useRequestForm({ initialValues: { note: "" } });
  const [remaining, setRemaining] = useState(() => alerts.filter((alert) => canPerform(alert, action)));
  const [attempted, setAttempted] = useState<number>();
  const [stop] = useState(() => ({ current: new AbortController() }));
  const doneCount = useRef(0);
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, [stop]);
  const words = text.bulk[action];
  const skipped = alerts.length - remaining.length - doneCount.current;
  const run = async ({ note }: typeof form.values) => {
    const outcome = await forEach(remaining, async (alert) => onChanged(await perform.mutateAsync({ alert, action, note })), (progress) => setAttempted(progress.done + progress.failed.length), stop.current.signal);
    doneCount.current += outcome.done;
    setAttempted(undefined);
    const [first] = outcome.failed;
    if (first === undefined) return;
    setRemaining(outcome.failed.map((entry) => entry.item));
    throw first.failure;
  };
  return (
    <FormDialog
      title={words.title(remaining.length)}
      action={text[action]}
      form={form}
      run={run}
      ready={remaining.length > 0}
      adviceOn={() => text.someFailed(remaining.length)}
      finished={() => {
        toast(words.done(doneCount.current));
        finished();
      }}
      close={close}
    >
      <Text size="sm">{words.explained}</Text>
      {skipped > 0 && <Text size="sm">{text.skipped(skipped)}</Text>}
      <TextInput label={text.note} description={text.noteExplained} {...AlertNoteRequestBounds.note} data-autofocus {...form.getInputProps("note")} />
      <Text size="sm" role="status">
        {attempted !== undefined && text.progress(formats.number(attempted), formats.number(remaining.length))}
      </Text>
    </FormDialog>
  );
}

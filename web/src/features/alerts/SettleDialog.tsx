import { Text, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { FormDialog } from "../../components/FormDialog";
import { useToast } from "../../components/Toasts";
import type { Alert } from "../../lib/alerts/alerts";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { forEach } from "../fleet/bulk";
import { type Settling, canSettle, settle } from "./settle";
import { alertsText } from "./text";

type Asked = { how: Settling; alerts: readonly Alert[]; settled: (alert: Alert) => void; finished: () => void; close: () => void };

/** Acknowledges or resolves many at once; those that fail are kept, to be tried again. */
export function SettleDialog({ how, alerts, settled, finished, close }: Asked) {
  const text = useText(alertsText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const [note, setNote] = useState("");
  const [left, setLeft] = useState(() => alerts.filter((each) => canSettle(each, how)));
  const [tried, setTried] = useState<number>();
  const [stop] = useState(() => ({ current: new AbortController() }));
  const done = useRef(0);
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, [stop]);
  const words = text.bulk[how];
  const skipped = alerts.length - left.length - done.current;
  const run = async () => {
    const outcome = await forEach(left, async (each) => settled(await settle(session, each, how, note)), (so) => setTried(so.done + so.failed.length), stop.current.signal);
    done.current += outcome.done;
    setTried(undefined);
    const [first] = outcome.failed;
    if (first === undefined) return;
    setLeft(outcome.failed.map((each) => each.item));
    throw first.failure;
  };
  return (
    <FormDialog
      title={words.title(left.length)}
      action={text[how]}
      run={run}
      ready={left.length > 0}
      adviceOn={() => text.someFailed(left.length)}
      finished={() => {
        toast(words.done(done.current));
        finished();
      }}
      close={close}
    >
      <Text size="sm">{words.explained}</Text>
      {skipped > 0 && <Text size="sm">{text.skipped(skipped)}</Text>}
      <TextInput label={text.note} description={text.noteExplained} maxLength={500} data-autofocus value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <Text size="sm" role="status">
        {tried !== undefined && text.progress(formats.number(tried), formats.number(left.length))}
      </Text>
    </FormDialog>
  );
}

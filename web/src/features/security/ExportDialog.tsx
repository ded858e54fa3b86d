import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { Failure } from "@/components/Failure";
import { componentsText } from "@/components/text";
import { useToast } from "@/components/Toasts";
import { download } from "@/lib/download";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { exportEvents } from "./export";
import type { EventQuery } from "@/lib/events/filter";
import { useFetchEvents } from "@/lib/events/useEvents";
import { securityText } from "./text";

/** Exports all matching events as a CSV file. Closing the dialog stops the export. */
export function ExportDialog({ query, close }: { query: EventQuery; close: () => void }) {
  useReturnFocus();
  const text = useText(securityText);
  const general = useText(componentsText);
  const formats = useFormats();
  const fetchEvents = useFetchEvents();
  const toast = useToast();
  const [count, setCount] = useState(0);
  const [failure, setFailure] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  // The export keeps the query with which it started.
  const initial = useRef({ query, close, toast, text, formats, fetchEvents });
  useEffect(() => {
    const { query: initialQuery, fetchEvents: fetchPage, ...rest } = initial.current;
    const stop = new AbortController();
    const run = async () => {
      const { parts, count: total, complete } = await exportEvents((cursor) => fetchPage(initialQuery, cursor, stop.signal), setCount);
      download(`security-events-${new Date().toISOString().slice(0, 10)}.csv`, parts, "text/csv;charset=utf-8");
      rest.toast(complete ? rest.text.exported(total) : rest.text.exportedPart(rest.formats.number(total)));
      rest.close();
    };
    setFailure(undefined);
    run().catch((reason: unknown) => {
      if (!stop.signal.aborted) setFailure(reason instanceof Error ? reason : new Error(String(reason)));
    });
    return () => stop.abort();
  }, [attempt]);
  return (
    <Modal opened onClose={close} title={text.exporting} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": general.close }}>
      <Stack>
        <Text size="sm">{text.exportExplained}</Text>
        <Group gap="sm" mih={24}>
          {failure === undefined && <Loader size="sm" />}
          <Text role="status">{text.fetched(count)}</Text>
        </Group>
        <Failure failure={failure} retry={() => setAttempt(attempt + 1)} />
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {failure === undefined ? text.stop : general.close}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

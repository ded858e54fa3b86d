import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { Failure } from "../../components/Failure";
import { componentsText } from "../../components/text";
import { useToast } from "../../components/Toasts";
import { download } from "../../lib/download";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { useReturnFocus } from "../../lib/return-focus";
import { useSession } from "../../lib/SessionProvider";
import { exportEvents } from "./export";
import { type Question, type SecurityEvent, pathOf } from "./filter";
import { securityText } from "./text";

const pageSize = 500;

/** Fetches all that the filters let in, and gives it as a file. Closing it stops. */
export function ExportDialog({ question, close }: { question: Question; close: () => void }) {
  useReturnFocus();
  const text = useText(securityText);
  const general = useText(componentsText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const [count, setCount] = useState(0);
  const [failure, setFailure] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  // What is exported is what was asked for when it began.
  const asked = useRef({ question, close, toast, text, formats, session });
  useEffect(() => {
    const { question: of, session: as, ...begun } = asked.current;
    const stop = new AbortController();
    const path = pathOf(of, pageSize);
    const run = async () => {
      const { parts, count: all, whole } = await exportEvents((cursor) => as.page<SecurityEvent>(cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`, stop.signal), setCount);
      download(`security-events-${new Date().toISOString().slice(0, 10)}.csv`, parts, "text/csv;charset=utf-8");
      begun.toast(whole ? begun.text.exported(all) : begun.text.exportedPart(begun.formats.number(all)));
      begun.close();
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

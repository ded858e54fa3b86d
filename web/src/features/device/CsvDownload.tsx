import { Button } from "@mantine/core";
import { useRef, useState } from "react";

import { DownloadIcon, StopIcon } from "@/components/icons";
import { Failure } from "@/components/Failure";
import { useToast } from "@/components/Toasts";
import { type Range, windowOf } from "@/lib/device/range";
import { useReadingsCsv } from "@/lib/device/useReadings";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { fileName, save } from "@/lib/save";
import { useTask } from "@/lib/useTask";
import { deviceText } from "./text";

/** Downloads every reading of the time range as CSV. */
export function CsvDownload({ id, name, range, simulated }: { id: string; name: string; range: Range; simulated: boolean }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const readingsCsv = useReadingsCsv(id);
  const toast = useToast();
  const [bytes, setBytes] = useState(0);
  const stop = useRef(new AbortController());
  const download = useTask(async () => {
    stop.current = new AbortController();
    setBytes(0);
    const window = windowOf(range, Date.now());
    const savedBytes = await save(fileName(name, window.since, window.until), () => readingsCsv(window, simulated, stop.current.signal), setBytes).catch((failure: unknown) => {
      if (!stop.current.signal.aborted) throw failure;
      return undefined;
    });
    if (savedBytes !== undefined) toast(text.downloaded(formats.bytes(savedBytes)));
  });
  return (
    <>
      {download.isPending ? (
        <Button size="xs" variant="default" leftSection={<StopIcon size={16} />} onClick={() => stop.current.abort()}>
          {text.downloading(formats.bytes(bytes))}
        </Button>
      ) : (
        <Button size="xs" variant="default" leftSection={<DownloadIcon size={16} />} onClick={() => download.mutate()}>
          {text.download}
        </Button>
      )}
      <Failure failure={download.error} />
    </>
  );
}

import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { DownloadIcon, StopIcon } from "../../components/icons";
import { Failure } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { queryOf } from "../../lib/api";
import { useFormats, useText } from "../../lib/i18n/LanguageProvider";
import { fileName, save } from "../../lib/save";
import { useSession } from "../../lib/SessionProvider";
import { type Range, utc, windowOf } from "./range";
import { deviceText } from "./text";

/** Every reading of the time that is looked at, however many. */
export function CsvDownload({ id, name, range, simulated }: { id: string; name: string; range: Range; simulated: boolean }) {
  const text = useText(deviceText);
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const [bytes, setBytes] = useState(0);
  const stop = useRef(new AbortController());
  const download = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController();
      setBytes(0);
      const { since, until } = windowOf(range, Date.now());
      const query = queryOf({ since: utc(since), until: utc(until), include_simulated: simulated });
      const saved = await save(fileName(name, since, until), () => session.request("GET", `/devices/${id}/readings.csv${query}`, undefined, stop.current.signal), setBytes).catch((failure: unknown) => {
        if (!stop.current.signal.aborted) throw failure;
        return undefined;
      });
      if (saved !== undefined) toast(text.downloaded(formats.bytes(saved)));
    },
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

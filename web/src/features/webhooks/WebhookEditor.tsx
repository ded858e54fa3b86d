import { NativeSelect, Stack, TextInput } from "@mantine/core";
import { useRef, useState } from "react";

import { FormDialog } from "../../components/FormDialog";
import { useToast } from "../../components/Toasts";
import type { Severity } from "../../lib/alerts/alerts";
import type { Schemas } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { webhooksText } from "./text";
import { type Webhook, problemOfName, problemOfUrl } from "./webhooks";

type Asked = {
  /** Undefined: a new one. */
  webhook: Webhook | undefined;
  /** With the secret of a new one. */
  saved: (secret: string | undefined) => void;
  close: () => void;
};

export function WebhookEditor({ webhook, saved, close }: Asked) {
  const text = useText(webhooksText);
  const session = useSession();
  const toast = useToast();
  const form = useRef<HTMLDivElement>(null);
  const [name, setName] = useState(webhook?.name ?? "");
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [severity, setSeverity] = useState<Severity>(webhook?.min_severity ?? "warning");
  const [tried, setTried] = useState(false);
  const nameProblem = problemOfName(name, text.problems);
  const urlProblem = problemOfUrl(url, text.problems);
  const check = () => {
    if (nameProblem === undefined && urlProblem === undefined) return true;
    setTried(true);
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    return false;
  };
  const save = async () => {
    const written = { name: name.trim(), url: url.trim(), min_severity: severity };
    if (webhook !== undefined) {
      await session.call<Webhook>("PUT", `/webhooks/${webhook.id}`, { ...written, enabled: webhook.enabled } satisfies Schemas["UpdateWebhookRequest"]);
      return undefined;
    }
    return (await session.call<Schemas["NewWebhook"]>("POST", "/webhooks", written satisfies Schemas["CreateWebhookRequest"])).secret;
  };
  return (
    <FormDialog
      title={webhook === undefined ? text.add : webhook.name}
      action={webhook === undefined ? text.create : text.save}
      check={check}
      run={save}
      finished={(secret) => {
        toast(text.saved(name.trim()));
        saved(secret);
      }}
      close={close}
    >
      <Stack ref={form}>
        <TextInput label={text.name} placeholder={text.nameExample} autoComplete="off" data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && nameProblem} />
        <TextInput label={text.url} description={text.urlExplained} placeholder="https://hooks.example/breakwater" type="url" inputMode="url" autoComplete="off" value={url} onChange={(event) => setUrl(event.currentTarget.value)} error={tried && urlProblem} />
        <NativeSelect
          label={text.minSeverity}
          description={text.minSeverityExplained}
          data={(["info", "warning", "critical"] as const).map((value) => ({ value, label: text.from[value] }))}
          value={severity}
          onChange={(event) => setSeverity(event.currentTarget.value as Severity)}
        />
      </Stack>
    </FormDialog>
  );
}

import { NativeSelect, TextInput } from "@mantine/core";

import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useToast } from "@/components/Toasts";
import type { Severity } from "@/lib/alerts/alerts";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useSaveWebhook } from "@/lib/webhooks/useWebhooks";
import type { Webhook } from "@/lib/webhooks/webhooks";
import { webhooksText } from "./text";
import { problemOfName, problemOfUrl } from "./webhooks";

type Props = {
  /** Undefined creates a webhook. */
  webhook: Webhook | undefined;
  /** Called with the secret of a new webhook. */
  onSaved: (secret: string | undefined) => void;
  close: () => void;
};

export function WebhookEditor({ webhook, onSaved, close }: Props) {
  const text = useText(webhooksText);
  const saving = useSaveWebhook(webhook);
  const toast = useToast();
  const form = useRequestForm<{ name: string; url: string; min_severity: Severity }>({
    initialValues: { name: webhook?.name ?? "", url: webhook?.url ?? "", min_severity: webhook?.min_severity ?? "warning" },
    problemsOf: ({ name, url }) => ({ name: problemOfName(name, text.problems), url: problemOfUrl(url, text.problems) }),
  });
  return (
    <FormDialog
      title={webhook === undefined ? text.add : webhook.name}
      action={webhook === undefined ? text.create : text.save}
      form={form}
      noValidate
      run={({ name, url, min_severity }) => saving.mutateAsync({ name: name.trim(), url: url.trim(), min_severity })}
      finished={(secret) => {
        toast(text.saved(form.values.name.trim()));
        onSaved(secret);
      }}
      close={close}
    >
      <TextInput label={text.name} placeholder={text.nameExample} autoComplete="off" data-autofocus {...form.getInputProps("name")} />
      <TextInput label={text.url} description={text.urlExplained} placeholder="https://hooks.example/breakwater" type="url" inputMode="url" autoComplete="off" {...form.getInputProps("url")} />
      <NativeSelect
        label={text.minSeverity}
        description={text.minSeverityExplained}
        data={(["info", "warning", "critical"] as const).map((value) => ({ value, label: text.from[value] }))}
        {...form.getInputProps("min_severity")}
      />
    </FormDialog>
  );
}

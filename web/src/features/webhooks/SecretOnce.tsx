import { Alert, Button, Code, Group, Modal, Stack, Text } from "@mantine/core";

import { CopyButton } from "@/components/CopyButton";
import { componentsText } from "@/components/text";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { webhooksText } from "./text";
import { verification } from "./webhooks";

/** Explains how a receiver verifies the signature of a message. */
export function Verification() {
  const text = useText(webhooksText);
  return (
    <Stack gap="xs">
      <Text size="sm">{text.verify.explained}</Text>
      <dl className="headers">
        <dt>
          <code>webhook-id</code>
        </dt>
        <dd>{text.verify.delivery}</dd>
        <dt>
          <code>webhook-timestamp</code>
        </dt>
        <dd>{text.verify.timestamp}</dd>
        <dt>
          <code>webhook-signature</code>
        </dt>
        <dd>{text.verify.signature}</dd>
      </dl>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {text.verify.example}
        </Text>
        <CopyButton content={verification} label={text.secret.copyCode} />
      </Group>
      <Code block tabIndex={0}>
        {verification}
      </Code>
      <Text size="sm">{text.verify.answer}</Text>
    </Stack>
  );
}

export function VerificationDialog({ close }: { close: () => void }) {
  useReturnFocus();
  const text = useText(webhooksText);
  const general = useText(componentsText);
  return (
    <Modal opened onClose={close} title={text.verify.title} size="xl" centered closeButtonProps={{ "aria-label": general.close }}>
      <Verification />
    </Modal>
  );
}

/** Shows a new webhook's secret once. Only its button closes the dialog. */
export function SecretOnce({ secret, close }: { secret: string; close: () => void }) {
  useReturnFocus();
  const text = useText(webhooksText);
  return (
    <Modal opened onClose={close} title={text.secret.title} size="xl" centered withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Alert color="orange" title={text.secret.once}>
          <Text size="sm">{text.secret.onceExplained}</Text>
        </Alert>
        <div>
          <Text size="sm" fw={600}>
            {text.secret.label}
          </Text>
          <Group gap="xs">
            <Code className="webhook-secret">{secret}</Code>
            <CopyButton content={secret} label={text.secret.copy} variant="filled" data-autofocus />
          </Group>
        </div>
        <Text fw={600}>{text.verify.title}</Text>
        <Verification />
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {text.secret.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

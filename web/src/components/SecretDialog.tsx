import { Alert, Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useState } from "react";

import { serverAddress } from "@/lib/base";
import { useCategories } from "@/lib/fleet/FleetProvider";
import { useText } from "@/lib/i18n/LanguageProvider";
import { CopyButton } from "./CopyButton";
import { QrCode } from "./QrCode";
import { type Credentials, firstReadingCommands, setupJson } from "./secret";
import { componentsText } from "./text";

/**
 * Shows a device's new secret once: as text, as a QR code and in shell commands that send a reading. Closing before anything was
 * copied asks for confirmation. `actions` are shown beside the close button, `below` under the commands.
 */
export function SecretDialog({ title, credentials, close, below, actions }: { title: string; credentials: Credentials; close: () => void; below?: ReactNode; actions?: (leave: (then: () => void) => void) => ReactNode }) {
  const text = useText(componentsText).secret;
  const category = useCategories().find((candidate) => candidate.slug === credentials.category);
  const [copied, setCopied] = useState(false);
  const [pendingLeave, setPendingLeave] = useState<() => void>();
  const fullScreen = useMediaQuery("(max-width: 48em)") ?? false;
  const leave = (next: () => void) => {
    if (copied) next();
    else setPendingLeave(() => next);
  };
  const markCopied = () => {
    setCopied(true);
    setPendingLeave(undefined);
  };
  const payload = { ...category?.sample_payload, timestamp: new Date().toISOString() };
  const lines = firstReadingCommands(serverAddress(), credentials, payload);
  return (
    <Modal opened onClose={() => leave(close)} title={title} size="xl" fullScreen={fullScreen} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": text.close }}>
      <Stack>
        <Alert color="orange" title={text.once}>
          <Text size="sm">{text.onceExplained}</Text>
        </Alert>
        <div className="secret">
          <Stack gap="sm" miw={0}>
            <Field label={text.deviceId} content={credentials.device_id}>
              <CopyButton content={credentials.device_id} label={text.copy} aria-label={`${text.copy}: ${text.deviceId}`} />
            </Field>
            <Field label={text.secret} content={credentials.device_secret}>
              <CopyButton content={credentials.device_secret} label={text.copy} onCopied={markCopied} variant="filled" data-autofocus aria-label={`${text.copy}: ${text.secret}`} />
            </Field>
            <Text size="sm" c="dimmed">
              {text.scanExplained}
            </Text>
          </Stack>
          <QrCode content={setupJson(serverAddress(), credentials)} label={text.qr} />
        </div>
        <Stack gap={4}>
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {text.first}
            </Text>
            <CopyButton content={lines} label={text.copyLines} onCopied={markCopied} />
          </Group>
          <Code block className="lines" tabIndex={0}>
            {lines}
          </Code>
        </Stack>
        {below}
        {pendingLeave !== undefined && (
          <Alert color="red" title={text.notCopied}>
            <Stack gap="xs" align="start">
              <Text size="sm">{text.notCopiedExplained}</Text>
              <Group gap="xs">
                <Button size="xs" color="red.8" onClick={pendingLeave}>
                  {text.closeAnyway}
                </Button>
                {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the safe choice of a question that appeared */}
                <Button size="xs" variant="default" autoFocus onClick={() => setPendingLeave(undefined)}>
                  {text.stay}
                </Button>
              </Group>
            </Stack>
          </Alert>
        )}
        <Group justify="end">
          {actions?.(leave)}
          <Button onClick={() => leave(close)}>{text.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Field({ label, content, children }: { label: string; content: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code className="secret-value">{content}</Code>
        {children}
      </Group>
    </div>
  );
}

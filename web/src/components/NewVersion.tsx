import { Alert, Button, Group, Text } from "@mantine/core";

import { useText } from "@/lib/i18n/LanguageProvider";
import { componentsText } from "./text";

/** Offers a reload. The user chooses when, because a form may be open. */
export function NewVersion({ close }: { close?: () => void }) {
  const text = useText(componentsText);
  return (
    <Alert color="blue" mb="sm" {...(close === undefined ? {} : { withCloseButton: true, onClose: close, closeButtonLabel: text.close })}>
      <Group gap="sm">
        <Text size="sm">{text.newVersion}</Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {text.reload}
        </Button>
      </Group>
    </Alert>
  );
}

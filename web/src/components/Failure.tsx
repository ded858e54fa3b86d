import { Alert, Button, Stack, Text } from "@mantine/core";

import { ApiError } from "@/lib/api";
import { useText } from "@/lib/i18n/LanguageProvider";
import { adviceOn, detailsOf } from "./failures";
import { componentsText } from "./text";

/** Shows an error and what to do about it. `advice` replaces the general sentence. */
export function Failure({ failure, advice, retry }: { failure: Error | null | undefined; advice?: string | undefined; retry?: () => void }) {
  const text = useText(componentsText);
  if (failure === null || failure === undefined) return null;
  return (
    <Alert color="red" title={advice ?? adviceOn(failure, text)}>
      <Stack gap="xs" align="start">
        {detailsOf(failure).map((detail) => (
          <Text key={detail} size="sm" lang="en">
            {detail}
          </Text>
        ))}
        {failure instanceof ApiError && failure.status >= 500 && failure.requestId !== undefined && <Text size="sm">{text.callNumber(failure.requestId)}</Text>}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            {text.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

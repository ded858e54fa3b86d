import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { FormDialog } from "../../components/FormDialog";
import { useToast } from "../../components/Toasts";
import type { Schemas } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { securityText } from "./text";

type Request = Schemas["SimulateIncidentRequest"];

/** Stages an incident, to practise. */
export function DrillDialog({ close }: { close: () => void }) {
  const text = useText(securityText);
  const session = useSession();
  const toast = useToast();
  const [scenario, setScenario] = useState<Request["scenario"]>("jwt_invalid");
  const [note, setNote] = useState("");
  const stage = () => session.call("POST", "/admin/security-events/simulate", { scenario, note: note.trim() === "" ? null : note.trim() } satisfies Request);
  return (
    <FormDialog
      title={text.drillTitle}
      action={text.stage}
      run={stage}
      finished={() => {
        toast(text.staged);
        close();
      }}
      close={close}
    >
      <Text size="sm">{text.drillExplained}</Text>
      <Radio.Group label={text.scenario} value={scenario} onChange={(value) => setScenario(value as Request["scenario"])}>
        <Stack gap="xs" mt={6}>
          {(Object.keys(text.scenarios) as Request["scenario"][]).map((each) => (
            <Radio key={each} value={each} label={text.scenarios[each]} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput label={text.note} description={text.noteExplained} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
    </FormDialog>
  );
}

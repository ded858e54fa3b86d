import { Radio, Stack, Text, TextInput } from "@mantine/core";

import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useToast } from "@/components/Toasts";
import type { Schemas } from "@/lib/api";
import { useSimulateIncident } from "@/lib/events/useEvents";
import { useText } from "@/lib/i18n/LanguageProvider";
import { SimulateIncidentRequestBounds } from "@/lib/requests";
import { securityText } from "./text";

type Request = Schemas["SimulateIncidentRequest"];

/** Records a simulated incident, for practice. */
export function DrillDialog({ close }: { close: () => void }) {
  const text = useText(securityText);
  const simulate = useSimulateIncident();
  const toast = useToast();
  const form = useRequestForm<{ scenario: Request["scenario"]; note: string }>({ initialValues: { scenario: "jwt_invalid", note: "" } });
  return (
    <FormDialog
      title={text.drillTitle}
      action={text.stage}
      form={form}
      run={({ scenario, note }) => simulate.mutateAsync({ scenario, note: note.trim() === "" ? null : note.trim() })}
      finished={() => {
        toast(text.staged);
        close();
      }}
      close={close}
    >
      <Text size="sm">{text.drillExplained}</Text>
      <Radio.Group label={text.scenario} {...form.getInputProps("scenario")}>
        <Stack gap="xs" mt={6}>
          {(Object.keys(text.scenarios) as Request["scenario"][]).map((option) => (
            <Radio key={option} value={option} label={text.scenarios[option]} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput label={text.note} description={text.noteExplained} {...SimulateIncidentRequestBounds.note} {...form.getInputProps("note")} />
    </FormDialog>
  );
}

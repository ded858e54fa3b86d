import { Alert, Autocomplete, NativeSelect, Paper, Stack, Switch, Text, TextInput } from "@mantine/core";

import { DevicePicker } from "@/components/DevicePicker";
import { type RequestForm, useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useToast } from "@/components/Toasts";
import { type AlertRule, severities } from "@/lib/alerts/alerts";
import { alertWords } from "@/lib/alerts/text";
import { useSaveAlertRule } from "@/lib/alerts/useAlertRules";
import { useCategories, useCategoryName } from "@/lib/fleet/FleetProvider";
import { unitOf } from "@/lib/fleet/values";
import { durationOf } from "@/lib/i18n/duration";
import { useText } from "@/lib/i18n/LanguageProvider";
import { AlertRuleRequestBounds } from "@/lib/requests";
import { type Draft, type Scope, type ValueKind, draftOf, empty, fieldsOfRequest, isOfDevices, mayQuarantine, problemsOf, requestOf, usesHigh, usesLow } from "./draft";
import { rulesText } from "./text";
import { useFields } from "./useFields";
import { useSentence } from "./useSentence";

type FieldProps = { form: RequestForm<Draft> };

/** Places descriptions below the inputs, so that neighbouring inputs align. */
const inputOrder: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];
const choices = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));

function ScopeFields({ form }: FieldProps) {
  const text = useText(rulesText);
  const categories = useCategories();
  const categoryName = useCategoryName();
  const { scope } = form.values;
  const choose = (value: string): Scope => (value === "all" ? { kind: "all" } : value === "device" ? { kind: "device", id: null } : { kind: "category", slug: value });
  return (
    <>
      <NativeSelect
        label={text.scope}
        data={[{ value: "all", label: text.everyDevice }, ...categories.map(({ slug }) => ({ value: slug, label: categoryName(slug) })), { value: "device", label: text.oneDevice }]}
        value={scope.kind === "category" ? scope.slug : scope.kind}
        onChange={(event) => form.setFieldValue("scope", choose(event.currentTarget.value))}
      />
      {scope.kind === "device" && <DevicePicker label={text.device} value={scope.id} set={(id) => form.setFieldValue("scope", { kind: "device", id })} error={form.errors.device} />}
    </>
  );
}

function FieldCondition({ form }: FieldProps) {
  const text = useText(rulesText);
  const draft = form.values;
  const fields = useFields(draft.scope);
  const unit = unitOf(draft.field);
  const unitLabel = (label: string) => (unit === undefined ? label : `${label} (${unit})`);
  const hold = Number(draft.hold);
  const choose = (field: string) => {
    const sample = fields.get(field);
    const kind: ValueKind | undefined = typeof sample === "number" ? "number" : typeof sample === "boolean" ? "yes" : typeof sample === "string" ? "text" : undefined;
    form.setValues({ field, ...(kind === undefined ? {} : { valueKind: kind }), ...(kind === "text" || kind === "yes" ? { test: "changes_to" } : {}) });
  };
  return (
    <>
      <div className="rule-fields">
        <Autocomplete label={text.field} description={text.fieldExplained} data={[...fields.keys()]} limit={30} inputWrapperOrder={inputOrder} maxLength={AlertRuleRequestBounds.field.maxLength} autoComplete="off" {...form.getInputProps("field")} onChange={(field) => form.setFieldValue("field", fields.has(field) ? field : field.trim())} onOptionSubmit={choose} />
        <NativeSelect label={text.test} data={choices(text.tests)} {...form.getInputProps("test")} />
        {draft.test === "changes_to" && (
          <>
            <NativeSelect label={text.valueKind} data={choices(text.valueKinds)} {...form.getInputProps("valueKind")} />
            {(draft.valueKind === "text" || draft.valueKind === "number") && (
              <TextInput label={text.value} inputMode={draft.valueKind === "number" ? "decimal" : "text"} {...form.getInputProps("value")} />
            )}
          </>
        )}
        {usesLow(draft.test) && <TextInput label={unitLabel(text.low)} inputMode="decimal" {...form.getInputProps("low")} />}
        {usesHigh(draft.test) && <TextInput label={unitLabel(draft.test === "changes_faster" ? text.rate : text.high)} inputMode="decimal" {...form.getInputProps("high")} />}
      </div>
      <div className="rule-fields">
        {draft.test !== "changes_to" && (
          <TextInput label={unitLabel(text.hysteresis)} description={text.hysteresisExplained} inputWrapperOrder={inputOrder} inputMode="decimal" {...form.getInputProps("hysteresis")} />
        )}
        <TextInput label={text.hold} description={hold >= 60 ? `${text.holdExplained} (${durationOf(hold)})` : text.holdExplained} inputWrapperOrder={inputOrder} inputMode="numeric" {...form.getInputProps("hold")} />
      </div>
    </>
  );
}

function SecurityCondition({ form }: FieldProps) {
  const text = useText(rulesText);
  return (
    <div className="rule-fields">
      <NativeSelect label={text.incident} data={choices(text.incidents)} {...form.getInputProps("incident")} />
      <TextInput label={text.count} inputMode="numeric" {...form.getInputProps("count")} />
      <TextInput label={text.within} inputMode="numeric" {...form.getInputProps("within")} />
    </div>
  );
}

function Quarantine({ form }: FieldProps) {
  const text = useText(rulesText);
  return (
    <Stack gap="xs">
      <Switch label={text.quarantine} {...form.getInputProps("quarantine", { type: "checkbox" })} />
      {form.values.quarantine && (
        <Alert color="orange" p="xs">
          <Text size="sm">{text.quarantineWarning}</Text>
        </Alert>
      )}
      {form.values.quarantine && <Switch label={text.ownerMayRelease} {...form.getInputProps("ownerMayRelease", { type: "checkbox" })} />}
    </Stack>
  );
}

/** Creates or edits a rule. Shows its meaning as a sentence, and validates it before it is sent. */
export function RuleEditor({ rule, close }: { rule: AlertRule | undefined; close: () => void }) {
  const text = useText(rulesText);
  const words = useText(alertWords);
  const save = useSaveAlertRule(rule?.id);
  const toast = useToast();
  const sentence = useSentence();
  const form = useRequestForm<Draft>({
    initialValues: rule === undefined ? empty : draftOf(rule),
    problemsOf: (values) => problemsOf(values, text.problems),
    fields: fieldsOfRequest,
  });
  const draft = form.values;
  // The sentence doesn't contain the name.
  const describable = Object.keys(problemsOf(draft, text.problems)).every((field) => field === "name");
  return (
    <FormDialog
      title={rule === undefined ? text.add : rule.name}
      action={rule === undefined ? text.create : text.save}
      size="xl"
      form={form}
      noValidate
      run={(values) => save.mutateAsync(requestOf(values))}
      finished={(savedRule) => {
        toast(text.saved(savedRule.name));
        close();
      }}
      close={close}
    >
      <Stack gap="sm">
        <div className="rule-fields">
          <TextInput label={text.name} placeholder={text.nameExample} data-autofocus autoComplete="off" {...form.getInputProps("name")} />
          <NativeSelect label={text.severity} data={severities.map((value) => ({ value, label: words.severities[value] }))} {...form.getInputProps("severity")} />
        </div>
        <div className="rule-fields">
          <NativeSelect label={text.kind} data={choices(text.kinds)} {...form.getInputProps("kind")} />
          {isOfDevices(draft) && <ScopeFields form={form} />}
        </div>
        {draft.kind === "security" && <SecurityCondition form={form} />}
        {draft.kind === "field" && <FieldCondition form={form} />}
        {draft.kind === "silence" && <TextInput label={text.intervals} description={text.intervalsExplained} inputMode="numeric" {...form.getInputProps("intervals")} />}
        {mayQuarantine(draft) && <Quarantine form={form} />}
        <Paper withBorder p="sm" component="section" aria-label={text.meaning}>
          <Text size="xs" c="dimmed">
            {text.meaning}
          </Text>
          <Text size="sm" mih="2.9em">
            {describable ? sentence(requestOf(draft)) : text.unfinished}
          </Text>
        </Paper>
      </Stack>
    </FormDialog>
  );
}

import { Alert, Autocomplete, NativeSelect, Paper, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";

import { DevicePicker } from "../../components/DevicePicker";
import { FormDialog } from "../../components/FormDialog";
import { useToast } from "../../components/Toasts";
import { type AlertRule, type Severity, severities } from "../../lib/alerts/alerts";
import { alertWords } from "../../lib/alerts/text";
import { useCategories, useCategoryName } from "../../lib/fleet/FleetProvider";
import { unitOf } from "../../lib/fleet/values";
import { durationOf } from "../../lib/i18n/duration";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { type Draft, type Incident, type Kind, type Problems, type Scope, type Test, type ValueKind, draftOf, empty, isOfDevices, mayQuarantine, problemsOf, requestOf, usesHigh, usesLow } from "./draft";
import { rulesText } from "./text";
import { useFields } from "./useFields";
import { useSentence } from "./useSentence";

type Part = { draft: Draft; set: (change: Partial<Draft>) => void; problems: Problems };

/** So that fields beside one another stand at the same height. */
const below: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];
const choices = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));

function ScopeFields({ draft, set, problems }: Part) {
  const text = useText(rulesText);
  const categories = useCategories();
  const categoryName = useCategoryName();
  const { scope } = draft;
  const choose = (value: string): Scope => (value === "all" ? { kind: "all" } : value === "device" ? { kind: "device", id: null } : { kind: "category", slug: value });
  return (
    <>
      <NativeSelect
        label={text.scope}
        data={[{ value: "all", label: text.everyDevice }, ...categories.map(({ slug }) => ({ value: slug, label: categoryName(slug) })), { value: "device", label: text.oneDevice }]}
        value={scope.kind === "category" ? scope.slug : scope.kind}
        onChange={(event) => set({ scope: choose(event.currentTarget.value) })}
      />
      {scope.kind === "device" && <DevicePicker label={text.device} value={scope.id} set={(id) => set({ scope: { kind: "device", id } })} error={problems.device} />}
    </>
  );
}

function FieldCondition({ draft, set, problems }: Part) {
  const text = useText(rulesText);
  const fields = useFields(draft.scope);
  const unit = unitOf(draft.field);
  const unitLabel = (label: string) => (unit === undefined ? label : `${label} (${unit})`);
  const hold = Number(draft.hold);
  const choose = (field: string) => {
    const sample = fields.get(field);
    const kind: ValueKind | undefined = typeof sample === "number" ? "number" : typeof sample === "boolean" ? "yes" : typeof sample === "string" ? "text" : undefined;
    set({ field, ...(kind === undefined ? {} : { valueKind: kind }), ...(kind === "text" || kind === "yes" ? { test: "changes_to" } : {}) });
  };
  return (
    <>
      <div className="rule-fields">
        <Autocomplete label={text.field} description={text.fieldExplained} data={[...fields.keys()]} limit={30} inputWrapperOrder={below} maxLength={200} autoComplete="off" value={draft.field} onChange={(field) => set({ field: fields.has(field) ? field : field.trim() })} onOptionSubmit={choose} error={problems.field} />
        <NativeSelect label={text.test} data={choices(text.tests)} value={draft.test} onChange={(event) => set({ test: event.currentTarget.value as Test })} />
        {draft.test === "changes_to" && (
          <>
            <NativeSelect label={text.valueKind} data={choices(text.valueKinds)} value={draft.valueKind} onChange={(event) => set({ valueKind: event.currentTarget.value as ValueKind })} />
            {(draft.valueKind === "text" || draft.valueKind === "number") && (
              <TextInput label={text.value} inputMode={draft.valueKind === "number" ? "decimal" : "text"} value={draft.value} onChange={(event) => set({ value: event.currentTarget.value })} error={problems.value} />
            )}
          </>
        )}
        {usesLow(draft.test) && <TextInput label={unitLabel(text.low)} inputMode="decimal" value={draft.low} onChange={(event) => set({ low: event.currentTarget.value })} error={problems.low} />}
        {usesHigh(draft.test) && <TextInput label={unitLabel(draft.test === "changes_faster" ? text.rate : text.high)} inputMode="decimal" value={draft.high} onChange={(event) => set({ high: event.currentTarget.value })} error={problems.high} />}
      </div>
      <div className="rule-fields">
        {draft.test !== "changes_to" && (
          <TextInput label={unitLabel(text.hysteresis)} description={text.hysteresisExplained} inputWrapperOrder={below} inputMode="decimal" value={draft.hysteresis} onChange={(event) => set({ hysteresis: event.currentTarget.value })} error={problems.hysteresis} />
        )}
        <TextInput label={text.hold} description={hold >= 60 ? `${text.holdExplained} (${durationOf(hold)})` : text.holdExplained} inputWrapperOrder={below} inputMode="numeric" value={draft.hold} onChange={(event) => set({ hold: event.currentTarget.value })} error={problems.hold} />
      </div>
    </>
  );
}

function SecurityCondition({ draft, set, problems }: Part) {
  const text = useText(rulesText);
  return (
    <div className="rule-fields">
      <NativeSelect label={text.incident} data={choices(text.incidents)} value={draft.incident} onChange={(event) => set({ incident: event.currentTarget.value as Incident })} />
      <TextInput label={text.count} inputMode="numeric" value={draft.count} onChange={(event) => set({ count: event.currentTarget.value })} error={problems.count} />
      <TextInput label={text.within} inputMode="numeric" value={draft.within} onChange={(event) => set({ within: event.currentTarget.value })} error={problems.within} />
    </div>
  );
}

function Quarantine({ draft, set }: Part) {
  const text = useText(rulesText);
  return (
    <Stack gap="xs">
      <Switch label={text.quarantine} checked={draft.quarantine} onChange={(event) => set({ quarantine: event.currentTarget.checked })} />
      {draft.quarantine && (
        <Alert color="orange" p="xs">
          <Text size="sm">{text.quarantineWarning}</Text>
        </Alert>
      )}
      {draft.quarantine && <Switch label={text.ownerMayRelease} checked={draft.ownerMayRelease} onChange={(event) => set({ ownerMayRelease: event.currentTarget.checked })} />}
    </Stack>
  );
}

/** Writes a rule, or changes one; says what it means while it is written, and what is wrong before it is sent. */
export function RuleEditor({ rule, saved, close }: { rule: AlertRule | undefined; saved: () => void; close: () => void }) {
  const text = useText(rulesText);
  const words = useText(alertWords);
  const session = useSession();
  const toast = useToast();
  const sentence = useSentence();
  const [draft, setDraft] = useState(() => (rule === undefined ? empty : draftOf(rule)));
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const problems = problemsOf(draft, text.problems);
  const { name: nameProblem, ...others } = problems;
  const part: Part = { draft, set, problems: tried ? problems : {} };
  const check = () => {
    if (Object.keys(problems).length === 0) return true;
    setTried(true);
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    return false;
  };
  const save = () => (rule === undefined ? session.call<AlertRule>("POST", "/alert-rules", requestOf(draft)) : session.call<AlertRule>("PUT", `/alert-rules/${rule.id}`, requestOf(draft)));
  return (
    <FormDialog
      title={rule === undefined ? text.add : rule.name}
      action={rule === undefined ? text.create : text.save}
      size="xl"
      check={check}
      run={save}
      finished={(done) => {
        toast(text.saved(done.name));
        saved();
      }}
      close={close}
    >
      <Stack ref={form} gap="sm">
        <div className="rule-fields">
          <TextInput label={text.name} placeholder={text.nameExample} data-autofocus autoComplete="off" value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} error={tried && nameProblem} />
          <NativeSelect label={text.severity} data={severities.map((value) => ({ value, label: words.severities[value] }))} value={draft.severity} onChange={(event) => set({ severity: event.currentTarget.value as Severity })} />
        </div>
        <div className="rule-fields">
          <NativeSelect label={text.kind} data={choices(text.kinds)} value={draft.kind} onChange={(event) => set({ kind: event.currentTarget.value as Kind })} />
          {isOfDevices(draft) && <ScopeFields {...part} />}
        </div>
        {draft.kind === "security" && <SecurityCondition {...part} />}
        {draft.kind === "field" && <FieldCondition {...part} />}
        {draft.kind === "silence" && <TextInput label={text.intervals} description={text.intervalsExplained} inputMode="numeric" value={draft.intervals} onChange={(event) => set({ intervals: event.currentTarget.value })} error={part.problems.intervals} />}
        {mayQuarantine(draft) && <Quarantine {...part} />}
        <Paper withBorder p="sm" component="section" aria-label={text.meaning}>
          <Text size="xs" c="dimmed">
            {text.meaning}
          </Text>
          <Text size="sm" mih="2.9em">
            {Object.keys(others).length === 0 ? sentence(requestOf(draft)) : text.unfinished}
          </Text>
        </Paper>
      </Stack>
    </FormDialog>
  );
}

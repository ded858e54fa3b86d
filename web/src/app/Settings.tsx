import { SegmentedControl, Text, useMantineColorScheme } from "@mantine/core";
import { useId } from "react";

import { type Language, languages } from "@/lib/i18n/i18n";
import { useLanguage, useText } from "@/lib/i18n/LanguageProvider";
import { appText } from "./text";

/** Language and appearance. The browser remembers both. */
export function Settings() {
  const text = useText(appText);
  const { language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const id = useId();
  const choices = [
    { value: "auto", label: text.auto },
    { value: "light", label: text.light },
    { value: "dark", label: text.dark },
  ];
  return (
    <div className="settings">
      <div>
        <Text size="xs" c="dimmed" id={`${id}-language`}>
          {text.language}
        </Text>
        <SegmentedControl size="xs" aria-labelledby={`${id}-language`} value={language} onChange={(value) => choose(value as Language)} data={Object.entries(languages).map(([value, label]) => ({ value, label }))} fullWidth />
      </div>
      <div>
        <Text size="xs" c="dimmed" id={`${id}-appearance`}>
          {text.appearance}
        </Text>
        <SegmentedControl size="xs" aria-labelledby={`${id}-appearance`} value={colorScheme} onChange={(value) => setColorScheme(value as "auto" | "light" | "dark")} data={choices} fullWidth />
      </div>
    </div>
  );
}

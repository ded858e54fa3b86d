import { Button, type ButtonProps } from "@mantine/core";
import { useRef, useState } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { CheckIcon, CopyIcon } from "./icons";
import { componentsText } from "./text";

/** Into the clipboard. Pages that came by plain HTTP from another machine only have the old way. */
async function copy(content: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = content;
    field.className = "unseen";
    beside.after(field); // where a dialog that keeps the focus lets it be
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    beside.focus();
    return done;
  }
}

export function CopyButton({ content, label, copied, ...look }: { content: string; label: string; copied?: () => void } & ButtonProps) {
  const text = useText(componentsText);
  const button = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<"ready" | "done" | "failed">("ready");
  const run = async () => {
    const done = button.current !== null && (await copy(content, button.current));
    setState(done ? "done" : "failed");
    if (done) copied?.();
    setTimeout(() => setState("ready"), 3000);
  };
  return (
    <Button ref={button} size="xs" variant="default" leftSection={state === "done" ? <CheckIcon size={16} /> : <CopyIcon size={16} />} onClick={() => void run()} {...look}>
      <span aria-live="polite">{state === "ready" ? label : state === "done" ? text.copied : text.notCopied}</span>
    </Button>
  );
}

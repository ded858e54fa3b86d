import { Button, type ButtonProps } from "@mantine/core";
import { useRef, useState } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { CheckIcon, CopyIcon } from "./icons";
import { componentsText } from "./text";

/** Copies to the clipboard. Falls back to execCommand: pages served over plain HTTP from another machine have no clipboard API. */
async function copy(content: string, button: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = content;
    field.className = "unseen";
    button.after(field); // beside the button, so that a dialog's focus trap contains it
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without HTTPS
    const done = document.execCommand("copy");
    field.remove();
    button.focus();
    return done;
  }
}

export function CopyButton({ content, label, onCopied, ...buttonProps }: { content: string; label: string; onCopied?: () => void } & ButtonProps) {
  const text = useText(componentsText);
  const button = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<"ready" | "done" | "failed">("ready");
  const run = async () => {
    const done = button.current !== null && (await copy(content, button.current));
    setState(done ? "done" : "failed");
    if (done) onCopied?.();
    setTimeout(() => setState("ready"), 3000);
  };
  return (
    <Button ref={button} size="xs" variant="default" leftSection={state === "done" ? <CheckIcon size={16} /> : <CopyIcon size={16} />} onClick={() => void run()} {...buttonProps}>
      <span aria-live="polite">{state === "ready" ? label : state === "done" ? text.copied : text.notCopied}</span>
    </Button>
  );
}

import { Anchor, Group, Portal } from "@mantine/core";
import { randomId } from "@mantine/hooks";
import { Notifications, notifications, notificationsStore } from "@mantine/notifications";
import { useCallback, useEffect } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { componentsText } from "./text";

type ToastLink = { name: string; href: string };
type ShowToast = (message: string, link?: ToastLink) => void;
/** Milliseconds. */
const displayTime = 6000;
const maxShown = 3;

/** The region of the short notifications. It empties when the session ends, because the next account must not read them. */
export function Toasts() {
  const text = useText(componentsText);
  useEffect(() => () => notifications.clean(), []);
  return (
    // One live region: Mantine would repeat role and name on the containers of all six positions.
    <Portal>
      <div role="status" aria-label={text.notifications}>
        <Notifications position="bottom-center" withinPortal={false} autoClose={displayTime} limit={maxShown} containerWidth={512} zIndex={400} />
      </div>
    </Portal>
  );
}

/** Returns a function that shows a confirmation for six seconds, or for as long as it has the focus. Errors are shown by Failure. */
export function useToast(): ShowToast {
  const text = useText(componentsText);
  return useCallback<ShowToast>(
    (message, link) => {
      const id = randomId();
      const hide = () => notifications.hide(id);
      const toast = {
        id,
        message: (
          <Group justify="space-between" wrap="nowrap" gap="sm">
            {message}
            {link !== undefined && (
              <Anchor size="sm" href={link.href} onClick={hide} style={{ whiteSpace: "nowrap" }}>
                {link.name}
              </Anchor>
            )}
          </Group>
        ),
        role: "none", // the region announces it
        withBorder: true,
        closeButtonProps: { "aria-label": text.close },
        onFocus: () => notifications.update({ ...toast, autoClose: false }),
        onBlur: () => notifications.update({ ...toast, autoClose: displayTime }),
      };
      // The newest are shown: Mantine itself would let them wait for the oldest.
      notifications.updateState(notificationsStore, (shown) => shown.slice(1 - maxShown));
      notifications.show(toast);
    },
    [text],
  );
}

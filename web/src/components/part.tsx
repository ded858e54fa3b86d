import { Center, Loader } from "@mantine/core";
import type { ComponentType } from "react";

import { useText } from "@/lib/i18n/LanguageProvider";
import { usePart } from "@/lib/usePart";
import { Outdated } from "@/lib/version";
import { Failure } from "./Failure";
import { NewVersion } from "./NewVersion";
import { componentsText } from "./text";

/**
 * A component that is loaded when it is first rendered. While the server is unreachable it shows an error and retries. If the server
 * has another version by then, it offers a reload.
 */
export function part<P extends object>(name: string, load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function Part(props: P) {
    const text = useText(componentsText);
    const { data, failureReason } = usePart(name, load);
    if (data !== undefined) return <data.Component {...props} />;
    if (failureReason instanceof Outdated) return <NewVersion />;
    if (failureReason !== null) return <Failure failure={failureReason} advice={text.partOffline} />;
    return (
      <Center mih="50dvh">
        <Loader aria-label={text.loading} />
      </Center>
    );
  };
}

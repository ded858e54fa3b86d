import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";

import { useText } from "../lib/i18n/LanguageProvider";
import { Outdated, loaded } from "../lib/version";
import { Failure } from "./Failure";
import { NewVersion } from "./NewVersion";
import { componentsText } from "./text";

const again = 2000;

/**
 * A component that is loaded when it is shown first. Where the server can't be reached that is said, and tried again until it can; where
 * it has another version by now, a reload is offered.
 */
export function part<P extends object>(name: string, load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function Part(props: P) {
    const text = useText(componentsText);
    const { data, failureReason } = useQuery({
      queryKey: ["part", name],
      queryFn: async () => ({ Shown: await loaded(load) }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      retry: (_, failure) => !(failure instanceof Outdated),
      retryDelay: again,
    });
    if (data !== undefined) return <data.Shown {...props} />;
    if (failureReason instanceof Outdated) return <NewVersion />;
    if (failureReason !== null) return <Failure failure={failureReason} advice={text.partOffline} />;
    return (
      <Center mih="50dvh">
        <Loader aria-label={text.loading} />
      </Center>
    );
  };
}

import { Center, Loader } from "@mantine/core";
import { Component, type ReactNode, Suspense } from "react";

import { Failure } from "../components/Failure";
import { useText } from "../lib/i18n/LanguageProvider";
import { appText } from "./text";

function Broken({ failure }: { failure: Error }) {
  return <Failure failure={failure} advice={useText(appText).pageBroke} retry={() => location.reload()} />;
}

/** Keeps a fault of one page from taking the others along, and waits for a page that is still being loaded. */
export class PageBoundary extends Component<{ children: ReactNode }, { failure?: Error }> {
  override state: { failure?: Error } = {};

  static getDerivedStateFromError(failure: Error) {
    return { failure };
  }

  override render() {
    if (this.state.failure !== undefined) return <Broken failure={this.state.failure} />;
    return (
      <Suspense
        fallback={
          <Center mih="50dvh">
            <Loader />
          </Center>
        }
      >
        {this.props.children}
      </Suspense>
    );
  }
}

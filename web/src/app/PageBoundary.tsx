import { Component, type ReactNode } from "react";

import { Failure } from "@/components/Failure";
import { useText } from "@/lib/i18n/LanguageProvider";
import { appText } from "./text";

function Broken({ failure }: { failure: Error }) {
  return <Failure failure={failure} advice={useText(appText).pageBroke} retry={() => location.reload()} />;
}

/** Error boundary: a fault in one page leaves the navigation and the other pages usable. */
export class PageBoundary extends Component<{ children: ReactNode }, { failure?: Error }> {
  override state: { failure?: Error } = {};

  static getDerivedStateFromError(failure: Error) {
    return { failure };
  }

  override render() {
    return this.state.failure === undefined ? this.props.children : <Broken failure={this.state.failure} />;
  }
}

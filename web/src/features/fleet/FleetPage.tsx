import { Badge, Group, Text } from "@mantine/core";

import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { useFleet, useFleetShape } from "../../lib/fleet/FleetProvider";
import { useText } from "../../lib/i18n/LanguageProvider";
import { fleetText } from "./text";
import { byName } from "./view";

export function FleetPage() {
  const text = useText(fleetText);
  const { store, failure, reload } = useFleet();
  useFleetShape();
  return (
    <Page title={text.title}>
      <Failure failure={failure} retry={reload} />
      <Text>{`${text.devices}: ${store.size}`}</Text>
      {byName(store.all())
        .slice(0, 50)
        .map((each) => (
          <Group key={each.id}>
            {each.name} <Badge color="gray">{each.status}</Badge>
          </Group>
        ))}
    </Page>
  );
}

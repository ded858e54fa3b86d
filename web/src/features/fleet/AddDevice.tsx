import { Alert, Button, Code, Group, Loader, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { useLocation } from "wouter";

import { Failure } from "../../components/Failure";
import { SecretDialog } from "../../components/SecretDialog";
import { componentsText } from "../../components/text";
import { Time } from "../../components/Time";
import type { Category, Schemas } from "../../lib/api";
import { useCategories, useCategoryName, useDevice, useFleet } from "../../lib/fleet/FleetProvider";
import { fleetWords } from "../../lib/fleet/text";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { suggestedName } from "./names";
import { fleetText } from "./text";

function CategoryChoice({ category }: { category: Category }) {
  const text = useText(fleetText).wizard;
  const words = useText(fleetWords);
  const categoryName = useCategoryName();
  const [shortest = 0, longest = 0] = category.interval_seconds;
  return (
    <Radio.Card value={category.slug} p="sm" className="category-card">
      <Group wrap="nowrap" align="start" gap="sm">
        <Radio.Indicator mt={2} />
        <div>
          <Text fw={600}>{categoryName(category.slug)}</Text>
          <Text size="sm" c="dimmed">
            {words.categoryExplained[category.slug] ?? category.description} {text.interval(shortest, longest)}
          </Text>
        </div>
      </Group>
    </Radio.Card>
  );
}

/** Waits, live, until the device itself is heard, and says when that was. */
function FirstReading({ id }: { id: string }) {
  const text = useText(fleetText).wizard;
  const device = useDevice(id);
  const [came, setCame] = useState<number>();
  // The first stays the first, however many follow.
  if (came === undefined && device !== undefined && !device.simulated && device.heard !== undefined) setCame(device.heard);
  return (
    <Alert color={came === undefined ? "gray" : "teal"} icon={came === undefined ? <Loader size="xs" aria-hidden /> : undefined}>
      {came === undefined ? (
        text.waits
      ) : (
        <>
          {text.came} <Time at={came} />
        </>
      )}
    </Alert>
  );
}

/** Makes a device: what kind it is, what it is called; then its secret, this once. */
export function AddDevice({ close }: { close: () => void }) {
  const text = useText(fleetText);
  const general = useText(componentsText);
  const session = useSession();
  const { store } = useFleet();
  const categories = useCategories();
  const categoryName = useCategoryName();
  const [, go] = useLocation();
  const taken = useMemo(() => new Set(store.all().map((each) => each.name)), [store]);
  const [slug, setSlug] = useState<string>();
  const [own, setOwn] = useState<string>();
  const category = categories.find((each) => each.slug === slug) ?? categories[0];
  const name = own ?? (category === undefined ? "" : suggestedName(categoryName(category.slug), taken));
  const made = useMutation({
    mutationFn: (asked: Schemas["CreateDeviceRequest"]) => session.call<Schemas["DeviceCredentials"]>("POST", "/devices", asked),
  });
  const full = useMediaQuery("(max-width: 48em)") ?? false;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (category !== undefined) made.mutate({ name: name.trim(), category: category.slug as Schemas["CreateDeviceRequest"]["category"] });
  };

  if (made.data !== undefined)
    return (
      <SecretDialog
        title={text.wizard.made(made.variables.name)}
        credentials={made.data}
        close={close}
        below={<FirstReading id={made.data.device_id} />}
        actions={(leave) => (
          <Button variant="default" onClick={() => leave(() => go(`/devices/${made.data.device_id}`))}>
            {text.wizard.open}
          </Button>
        )}
      />
    );
  return (
    <Modal opened onClose={close} title={text.add} size="xl" fullScreen={full} centered closeButtonProps={{ "aria-label": general.close }}>
      <form onSubmit={submit}>
        <Stack>
          <div className="wizard">
            <Radio.Group label={text.wizard.category} value={category?.slug ?? null} onChange={setSlug}>
              <Stack gap="xs" mt={4}>
                {categories.map((each) => (
                  <CategoryChoice key={each.slug} category={each} />
                ))}
              </Stack>
            </Radio.Group>
            <Stack gap="md" miw={0}>
              <TextInput label={text.wizard.name} description={text.wizard.nameRule} required withAsterisk={false} minLength={3} maxLength={100} data-autofocus value={name} onChange={(event) => setOwn(event.currentTarget.value)} />
              <Stack gap={4}>
                <Text size="sm" fw={500}>
                  {text.wizard.sample}
                </Text>
                <Code block tabIndex={0} className="sample">
                  {category === undefined ? "" : JSON.stringify(category.sample_payload, null, 2)}
                </Code>
              </Stack>
            </Stack>
          </div>
          <Failure failure={made.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {general.cancel}
            </Button>
            <Button type="submit" loading={made.isPending}>
              {text.wizard.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

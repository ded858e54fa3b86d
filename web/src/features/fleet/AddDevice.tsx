import { Alert, Button, Code, Group, Loader, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";

import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { SecretDialog } from "@/components/SecretDialog";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import type { Category, Schemas } from "@/lib/api";
import { useCategories, useCategoryName, useDevice, useFleet } from "@/lib/fleet/FleetProvider";
import { fleetWords } from "@/lib/fleet/text";
import { useCreateDevice } from "@/lib/fleet/useDevices";
import { useText } from "@/lib/i18n/LanguageProvider";
import { CreateDeviceRequest, CreateDeviceRequestBounds } from "@/lib/requests";
import { problemsIn } from "@/lib/schema";
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

/** Waits for the first reading of the device itself and shows when it arrived. */
function FirstReading({ id }: { id: string }) {
  const text = useText(fleetText).wizard;
  const device = useDevice(id);
  const [firstReadingAt, setFirstReadingAt] = useState<number>();
  // Later readings don't change it.
  if (firstReadingAt === undefined && device !== undefined && !device.simulated && device.lastReadingAt !== undefined) setFirstReadingAt(device.lastReadingAt);
  return (
    <Alert color={firstReadingAt === undefined ? "gray" : "teal"} icon={firstReadingAt === undefined ? <Loader size="xs" aria-hidden /> : undefined}>
      {firstReadingAt === undefined ? (
        text.waiting
      ) : (
        <>
          {text.came} <Time at={firstReadingAt} />
        </>
      )}
    </Alert>
  );
}

/** The wizard that creates a device: category and name, then its secret, shown once. */
export function AddDevice({ close }: { close: () => void }) {
  const text = useText(fleetText);
  const general = useText(componentsText);
  const { store } = useFleet();
  const categories = useCategories();
  const categoryName = useCategoryName();
  const [, navigate] = useLocation();
  const usedNames = useMemo(() => new Set(store.all().map((device) => device.name)), [store]);
  // Null: the person hasn't chosen, so the first category and a suggested name apply.
  const requestOf = ({ slug, typedName }: { slug: string | null; typedName: string | null }) => {
    const category = categories.find((candidate) => candidate.slug === slug) ?? categories[0];
    return { category, name: typedName ?? (category === undefined ? "" : suggestedName(categoryName(category.slug), usedNames)) };
  };
  const form = useRequestForm<Parameters<typeof requestOf>[0]>({
    initialValues: { slug: null, typedName: null },
    problemsOf: (values) => {
      const request = requestOf(values);
      const { name } = problemsIn(CreateDeviceRequest, { name: request.name.trim(), category: request.category?.slug }, { name: text.wizard.nameRule });
      return { typedName: name };
    },
    fields: { name: "typedName", category: "slug" },
  });
  const { category, name } = requestOf(form.values);
  const creation = useCreateDevice();
  const fullScreen = useMediaQuery("(max-width: 48em)") ?? false;
  const submit = form.onSubmit(() => {
    if (category !== undefined) creation.mutate({ name: name.trim(), category: category.slug as Schemas["CreateDeviceRequest"]["category"] }, { onError: form.markRefused });
  });

  if (creation.data !== undefined)
    return (
      <SecretDialog
        title={text.wizard.made(creation.variables.name)}
        credentials={creation.data}
        close={close}
        below={<FirstReading id={creation.data.device_id} />}
        actions={(leave) => (
          <Button variant="default" onClick={() => leave(() => navigate(`/devices/${creation.data.device_id}`))}>
            {text.wizard.open}
          </Button>
        )}
      />
    );
  return (
    <Modal opened onClose={close} title={text.add} size="xl" fullScreen={fullScreen} centered closeButtonProps={{ "aria-label": general.close }}>
      <form onSubmit={submit}>
        <Stack>
          <div className="wizard">
            <Radio.Group label={text.wizard.category} {...form.getInputProps("slug")} value={category?.slug ?? null}>
              <Stack gap="xs" mt={4}>
                {categories.map((item) => (
                  <CategoryChoice key={item.slug} category={item} />
                ))}
              </Stack>
            </Radio.Group>
            <Stack gap="md" miw={0}>
              <TextInput label={text.wizard.name} description={text.wizard.nameRule} required withAsterisk={false} {...CreateDeviceRequestBounds.name} data-autofocus {...form.getInputProps("typedName")} value={name} />
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
          <Failure failure={creation.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {general.cancel}
            </Button>
            <Button type="submit" loading={creation.isPending}>
              {text.wizard.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

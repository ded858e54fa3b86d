import type { Dictionary } from "../../lib/i18n/i18n";

const en = {
  title: "Fleet",
  devices: "Devices",
  silent: "Silent",
  blocked: "Blocked",
  rate: "Readings a second",
  search: "Search by name or id",
  category: "Category",
  allCategories: "All categories",
  loading: "Loading",
  none: "There are no devices yet.",
  noneFits: "No device fits.",
  showAll: "Show all",
  columns: { name: "Name", category: "Category", heard: "Last heard", values: "Last values" },
};

const pl: typeof en = {
  title: "Flota",
  devices: "Urządzenia",
  silent: "Milczące",
  blocked: "Zablokowane",
  rate: "Odczyty na sekundę",
  search: "Szukaj po nazwie lub id",
  category: "Kategoria",
  allCategories: "Wszystkie kategorie",
  loading: "Wczytywanie",
  none: "Nie ma jeszcze żadnych urządzeń.",
  noneFits: "Żadne urządzenie nie pasuje.",
  showAll: "Pokaż wszystkie",
  columns: { name: "Nazwa", category: "Kategoria", heard: "Ostatnio słyszane", values: "Ostatnie wartości" },
};

export const fleetText: Dictionary<typeof en> = { en, pl };

import { type Schemas, firstAdmin } from "../support/api";
import { expect, signIn, test, toast } from "../support/test";

const isNamed = (name: string) => (rule: Schemas["AlertRule"]) => rule.name === name;

test("a rule is created, changed, disabled and deleted @phone", async ({ page, admin, api, ada }) => {
  const rules = () => admin.call<Schemas["AlertRule"][]>("GET", "/alert-rules");
  await signIn(page, firstAdmin, "/#/rules");
  await page.getByRole("button", { name: "Add a rule" }).click();
  const editor = page.getByRole("dialog", { name: "Add a rule" });
  await editor.getByRole("button", { name: "Create the rule" }).click();
  await expect(editor.getByText("Enter a name of 1 to 100 characters.")).toBeVisible();
  await expect(editor.getByLabel("Name")).toBeFocused();

  await editor.getByLabel("Name").fill("Server room is warm");
  await editor.getByLabel("Severity").selectOption("Critical");
  await editor.getByLabel("Which devices").selectOption("Indoor thermometer");
  await editor.getByLabel("Field").fill("metrics.temperature_c");
  await page.keyboard.press("Escape"); // closes the suggestions
  await editor.getByLabel("Upper limit").fill("27");
  await expect(editor.getByRole("region", { name: "What it means" })).toContainText(/temperature above 27\s°C/i);
  await editor.getByRole("button", { name: "Create the rule" }).click();
  await expect(toast(page, "Server room is warm is saved.")).toBeVisible();
  expect((await rules()).find(isNamed("Server room is warm"))).toMatchObject({ severity: "critical", category: "indoor_thermometer", kind: "field", field: "metrics.temperature_c", test: "above", high: 27, enabled: true, quarantine: false });

  const performAction = async (item: string) => {
    await page.getByRole("button", { name: "Actions for Server room is warm" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await performAction("Edit");
  await page.getByRole("dialog").getByLabel("Upper limit").fill("29.5");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main").getByText(/temperature above 29.5\s°C/i)).toBeVisible();

  // The rule works: a matching reading raises an alert.
  const adaApi = await api.signIn(ada);
  const room = await api.asDevice(await adaApi.device("Server room", "indoor_thermometer"));
  await room.sendReading({ metrics: { temperature_c: 30 } });
  await expect(toast(page, "Critical: Server room is warm – Server room")).toBeVisible();

  await page.getByRole("switch", { name: "Server room is warm: enabled" }).press(" ");
  await expect(toast(page, "Server room is warm is disabled.")).toBeVisible();
  expect((await rules()).find(isNamed("Server room is warm"))).toMatchObject({ enabled: false });

  await performAction("Delete");
  await page.getByRole("dialog", { name: "Delete “Server room is warm”?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Actions for Server room is warm" })).toBeHidden();
  expect((await rules()).find(isNamed("Server room is warm"))).toBeUndefined();
});

test("a user reads the rules but can't change them", async ({ page, ada }) => {
  await signIn(page, ada, "/#/rules");
  await expect(page.getByText("Frost or heat outdoors")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a rule" })).toHaveCount(0);
  await expect(page.getByRole("switch")).toHaveCount(0);
});

/** Returns an unused name for a new device: `Camera`, otherwise `Camera 2`, and so on. */
export function suggestedName(category: string, usedNames: ReadonlySet<string>): string {
  if (!usedNames.has(category)) return category;
  let number = 2;
  while (usedNames.has(`${category} ${number}`)) number += 1;
  return `${category} ${number}`;
}

/** Gives the browser's user a file that was made here. */
export function download(name: string, parts: readonly string[], type: string): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then; before, some have not.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

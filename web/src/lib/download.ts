/** Offers a file that was created in the page as a download. */
export function download(name: string, parts: readonly string[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the URL only after a delay.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The destination of a download: a streamed file, or memory if the browser can't write files. */
type Target = { write(piece: Uint8Array<ArrayBuffer>): Promise<void>; finish(): Promise<void>; abandon(): Promise<void> };

type FilePicker = (options: { suggestedName: string; types: { accept: Record<string, string[]> }[] }) => Promise<FileSystemFileHandle>;

/** Asks for the destination file. Undefined if the user cancelled. */
async function fileTarget(picker: FilePicker, name: string): Promise<Target | undefined> {
  let handle: FileSystemFileHandle;
  try {
    handle = await picker({ suggestedName: name, types: [{ accept: { "text/csv": [".csv"] } }] });
  } catch {
    return undefined;
  }
  const file = await handle.createWritable();
  return { write: (piece) => file.write(piece), finish: () => file.close(), abandon: () => file.abort() };
}

function memoryTarget(name: string): Target {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (piece) => Promise.resolve(void pieces.push(piece)),
    finish: () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(pieces, { type: "text/csv" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return Promise.resolve();
    },
    abandon: () => Promise.resolve(),
  };
}

/** Streams a response into a file. Reports and returns the number of bytes; undefined if the user cancelled. */
export async function save(name: string, fetchResponse: () => Promise<Response>, onProgress: (bytes: number) => void): Promise<number | undefined> {
  const picker = (window as { showSaveFilePicker?: FilePicker }).showSaveFilePicker;
  const target = picker === undefined ? memoryTarget(name) : await fileTarget(picker, name);
  if (target === undefined) return undefined;
  let bytes = 0;
  try {
    const reader = (await fetchResponse()).body?.getReader();
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
      await target.write(piece.value);
      bytes += piece.value.length;
      onProgress(bytes);
    }
  } catch (failure) {
    await target.abandon().catch(() => undefined);
    throw failure;
  }
  await target.finish();
  return bytes;
}

/** Builds a file name from the device's name and the time range. */
export function fileName(device: string, since: number, until: number): string {
  const safeName = device
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\w-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, "");
  return `${safeName === "" ? "device" : safeName}_${day(since)}Z-${day(until)}Z.csv`;
}
